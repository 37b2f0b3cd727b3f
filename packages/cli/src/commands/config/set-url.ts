import { requiredArgument } from '../../base/args.ts';
import { OutputCommand } from '../../base/output-command.ts';
import { saveSettings } from '../../connect/config-file.ts';
import { settingsTable } from '../../connect/settings-table.ts';
import { settingView } from '../../views/setting.ts';

/** `bldst config set-url` */
export default class ConfigSetUrl extends OutputCommand {
  static override summary = 'Use this server or store from now on.';
  static override args = { url: requiredArgument('URL of the server or store.') };
  static override examples = [
    { description: 'A server', command: '<%= config.bin %> config set-url http://localhost:8080' },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(ConfigSetUrl);
    const { env, cwd } = this.session;
    const tracker = settingsTable.tracker.check(args.url, cwd);
    await saveSettings(env, { tracker });
    await this.show(settingView('tracker', tracker, `Using ${tracker}.`));
  }
}
