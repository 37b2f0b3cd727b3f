import { requiredArgument } from '../../base/args.ts';
import { OutputCommand } from '../../base/output-command.ts';
import { loadSettings } from '../../connect/config-file.ts';
import { settingName } from '../../connect/settings-table.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { settingView } from '../../views/setting.ts';

/** `bldst config get` */
export default class ConfigGet extends OutputCommand {
  static override summary = 'Print a setting of yours.';
  static override args = { name: requiredArgument('Name of the setting.') };
  static override examples = [
    { description: 'Which tracker is set?', command: '<%= config.bin %> config get tracker' },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(ConfigGet);
    const name = settingName(args.name);
    const value = loadSettings(this.session.env)[name];
    if (value === undefined) {
      throw new UsageError(`${name} is not set.`, { hint: 'bldst config set --help' });
    }
    await this.show(settingView(name, value, value));
  }
}
