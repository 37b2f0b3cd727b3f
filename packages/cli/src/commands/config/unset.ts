import { requiredArgument } from '../../base/args.ts';
import { OutputCommand } from '../../base/output-command.ts';
import { saveSettings } from '../../connect/config-file.ts';
import { settingName } from '../../connect/settings-table.ts';
import { settingView } from '../../views/setting.ts';

/** `bldst config unset` */
export default class ConfigUnset extends OutputCommand {
  static override summary = 'Forget a setting of yours.';
  static override args = { name: requiredArgument('Name of the setting.') };
  static override examples = [
    { description: 'Use the local store again', command: '<%= config.bin %> config unset tracker' },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(ConfigUnset);
    const name = settingName(args.name);
    await saveSettings(this.session.env, { [name]: undefined });
    await this.show(settingView(name, null, `Unset ${name}.`));
  }
}
