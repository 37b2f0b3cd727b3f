import type { BuildStateClient, BulkResumeOutcome } from '@buildstate/client';
import * as Flags from '@oclif/core/flags';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { instantOf } from '../../values/duration.ts';
import { present } from '../../values/present.ts';
import { bulkResumeView, refusalCode } from '../../views/bulk-resume.ts';

/** Failed builds of one request: few enough for a slow store. */
const lookedAt = 200;

type Which = Parameters<BuildStateClient['resume']['bulk']>[0];

/** `bldst build bulk-resume` */
export default class BuildBulkResume extends TrackerCommand {
  static override summary = 'Ask that many failed builds go on, as after an outage.';
  static override description =
    'At least one of --project, --since and --matching says which are meant. Builds with an open request answer that one, so that the same line may be run again.';
  static override flags = {
    project: Flags.string({ char: 'p', summary: 'Builds of this project.', helpValue: 'NAME' }),
    since: Flags.string({
      aliases: ['failed-since'],
      summary: 'Builds that failed since then: a time, or a length of time such as 2h.',
      helpValue: 'TIME',
    }),
    matching: Flags.string({
      summary: 'Builds with this text or pattern in the message, code or component of their failure.',
      helpValue: 'PATTERN',
    }),
    reason: Flags.string({ char: 'm', summary: 'Why.', helpValue: 'TEXT' }),
    'requested-by': Flags.string({ summary: 'Who asks. Default: the key.', helpValue: 'NAME' }),
    'dry-run': Flags.boolean({ summary: 'Only show what would be requested.' }),
  };
  static override examples = [
    {
      description: 'What would go on',
      command: '<%= config.bin %> build bulk-resume --project linux --matching "timed out" --dry-run',
    },
    {
      description: 'All that failed in the last two hours',
      command: '<%= config.bin %> build bulk-resume --project linux --since 2h --reason "Mirror is back"',
    },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(BuildBulkResume);
    const { project, since, matching } = flags;
    if (project === undefined && since === undefined && matching === undefined) {
      throw new UsageError('Which failed builds? Say so with --project, --since or --matching.');
    }
    const client = await this.client();
    const outcome = await askAll(client, {
      ...present({
        projectId: project,
        failedSince: since === undefined ? undefined : instantOf('since', since, 'ago', this.session.now()),
        matching,
        reason: flags.reason,
        requestedBy: flags['requested-by'],
        dryRun: flags['dry-run'] ? true : undefined,
      }),
      requestSource: 'cli',
    });
    await this.show(bulkResumeView(outcome));
    this.exitCode = refusalCode(outcome.results.map(({ problem }) => problem));
  }
}

/** The outcome over all failed builds, page by page. */
async function askAll(client: BuildStateClient, which: Which): Promise<BulkResumeOutcome> {
  let outcome = await client.resume.bulk({ ...which, limit: lookedAt });
  while (outcome.nextCursor !== null) {
    const next = await client.resume.bulk({ ...which, limit: lookedAt, cursor: outcome.nextCursor });
    outcome = {
      ...next,
      examined: outcome.examined + next.examined,
      results: [...outcome.results, ...next.results],
    };
  }
  return outcome;
}
