import { trackerFlags } from '../../base/flags.ts';
import { OutputCommand } from '../../base/output-command.ts';
import { knownOrigins } from '../../connect/config-credentials.ts';
import { loadSettings, settingsPath } from '../../connect/config-file.ts';
import { findTracker } from '../../connect/find-tracker.ts';
import { originOf, withoutCredentials } from '../../connect/origin.ts';
import { details } from '../../output/table.ts';

/** Who named the tracker, in words. */
const sources = {
  flag: 'the command line',
  environment: 'the environment',
  user: 'your settings',
  project: 'the project',
  default: 'nobody; it is the local store',
} as const;

/** `bldst config show` */
export default class ConfigShow extends OutputCommand {
  static override summary = 'Show which tracker is used, who says so, and your settings.';
  static override flags = { tracker: trackerFlags.tracker };
  static override examples = [
    { description: 'Where do commands connect?', command: '<%= config.bin %> config show' },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(ConfigShow);
    const { env } = this.session;
    const settings = loadSettings(env);
    const tracker = await findTracker(flags.tracker, settings, this.session);
    const origin = originOf(tracker.url);
    const stored = origin !== undefined && knownOrigins(env).includes(origin);
    const key = origin === undefined ? null : env.BLDST_API_KEY ? 'BLDST_API_KEY' : stored ? 'stored' : null;
    const url = withoutCredentials(tracker.url);
    const file = settingsPath(env);
    await this.show({
      body: {
        tracker: url,
        trackerSource: tracker.source,
        trackerNamedBy: tracker.where,
        apiKey: key,
        output: settings.output ?? null,
        project: settings.project ?? null,
        settingsFile: file,
      },
      text: (style) =>
        details(style, [
          ['Tracker', url],
          ['Named by', `${sources[tracker.source]} (${tracker.where})`],
          ['API key', origin === undefined ? undefined : (key ?? 'none')],
          ['Output', settings.output],
          ['Project', settings.project],
          ['Settings in', file],
        ]),
    });
  }
}
