import type { BodyOf, RetentionRecord } from '@buildstate/client';
import * as Flags from '@oclif/core/flags';
import { projectArgument } from '../../base/project-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { details } from '../../output/table.ts';
import { present } from '../../values/present.ts';

/** `bldst project retention` */
export default class ProjectRetention extends TrackerCommand {
  static override summary = "Show or set how long histories of a project's builds are kept.";
  static override description =
    'Days count from the end of a build. Builds that can go on, failed ones among them, keep everything. Setting it needs a key with the scope "admin".';
  static override args = { project: projectArgument };
  static override flags = {
    'full-days': Flags.integer({
      summary: 'Days after its end for which all of a build is there.',
      helpValue: 'N',
      min: 0,
    }),
    'snapshot-days': Flags.integer({
      summary: 'Days after that for which there are weekly snapshots of it.',
      helpValue: 'N',
      min: 0,
    }),
    unset: Flags.boolean({
      summary: 'Keep histories as long as the store does.',
      exclusive: ['full-days', 'snapshot-days'],
    }),
  };
  static override examples = [
    { description: 'How long are they kept?', command: '<%= config.bin %> project retention linux' },
    {
      description: 'All of it for a quarter, snapshots for two years',
      command: '<%= config.bin %> project retention linux --full-days 90 --snapshot-days 730',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProjectRetention);
    const { retention } = await this.client();
    const wanted: BodyOf<'putRetention'> = present({
      fullHistoryDays: flags['full-days'],
      snapshotDays: flags['snapshot-days'],
    });
    if (flags.unset) await retention.unset(args.project);
    const isSet = Object.keys(wanted).length > 0;
    const record = await (isSet ? retention.set(args.project, wanted) : retention.get(args.project));
    await this.show({ body: record, text: (style) => details(style, lines(record)) });
  }
}

function lines({ fullHistoryDays, snapshotDays, inherited }: RetentionRecord): [string, string][] {
  return [
    ['Full history', `${fullHistoryDays} days after the end`],
    ['Weekly snapshots', `${snapshotDays} days after that`],
    ['Set by', inherited ? 'the store' : 'the project'],
  ];
}
