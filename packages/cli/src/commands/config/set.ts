import { requiredArgument } from '../../base/args.ts';
import { OutputCommand } from '../../base/output-command.ts';
import { saveSettings } from '../../connect/config-file.ts';
import { settingName, settingsTable } from '../../connect/settings-table.ts';
import { settingView } from '../../views/setting.ts';

/** `bldst config set` */
export default class ConfigSet extends OutputCommand {
  static override summary = 'Change a setting of yours.';
  static override description = Object.entries(settingsTable)
    .map(([name, { summary }]) => `${name}: ${summary}.`)
    .join('\n');
  static override args = {
    name: requiredArgument('Name of the setting.'),
    value: requiredArgument('Its new value.'),
  };
  static override examples = [
    {
      description: 'Builds are of this project unless said',
      command: '<%= config.bin %> config set project linux',
    },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(ConfigSet);
    const name = settingName(args.name);
    const { env, cwd } = this.session;
    const value = settingsTable[name].check(args.value, cwd);
    await saveSettings(env, { [name]: value });
    await this.show(settingView(name, value, `Set ${name} to ${value}.`));
  }
}
