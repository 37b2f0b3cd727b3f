import type { BuildDetails, BuildStateClient, BuildSummary } from '@buildstate/client';
import * as Flags from '@oclif/core/flags';
import { limitFlags } from '../../base/flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { isOfKind } from '../../errors/known-error.ts';
import { beginningOf } from '../../output/listing.ts';
import { buildStatuses } from '../../values/choices.ts';
import { instantOf } from '../../values/duration.ts';
import { present } from '../../values/present.ts';
import { buildListView } from '../../views/build.ts';

/** For so many running builds it is looked up who holds them. */
const maxHolders = 50;

/** Who holds the running builds among these, for people; scripts read the leases one by one. */
async function holdersOf(
  client: BuildStateClient,
  builds: readonly BuildSummary[],
): Promise<ReadonlyMap<string, string>> {
  const running = builds.filter(({ status }) => status === 'running').slice(0, maxHolders);
  const leases = await Promise.all(running.map(({ id }) => leaseOf(client, id)));
  return new Map(leases.flatMap((lease) => (lease === null ? [] : [[lease.buildId, lease.holder]])));
}

/** The live lease of a build; none of a build that has been deleted meanwhile. */
async function leaseOf(client: BuildStateClient, id: string): Promise<BuildDetails['lease']> {
  try {
    return (await client.builds.get(id)).lease;
  } catch (error) {
    if (isOfKind(error, 'not_found')) return null;
    throw error;
  }
}

/** Whether nobody and nothing is going to take care of a build. */
function needsAttention({ status, nextRetryAt }: BuildSummary): boolean {
  return status === 'failed' && nextRetryAt === null;
}

/** `bldst build list` */
export default class BuildList extends TrackerCommand {
  static override summary = 'List builds, newest first.';
  static override flags = {
    status: Flags.string({ char: 's', summary: 'Only those with this status.', options: [...buildStatuses] }),
    project: Flags.string({ char: 'p', summary: 'Only those of this project.', helpValue: 'NAME' }),
    platform: Flags.string({ summary: 'Only those for this platform.', helpValue: 'NAME' }),
    'state-min': Flags.integer({ summary: 'Only those at this state or later.', helpValue: 'N' }),
    'state-max': Flags.integer({ summary: 'Only those at this state or earlier.', helpValue: 'N' }),
    search: Flags.string({
      char: 'q',
      summary: 'Only those with this text in their number or description.',
      helpValue: 'TEXT',
    }),
    since: Flags.string({ summary: 'Only those made since: a time, or 2h, 7d ago.', helpValue: 'TIME' }),
    'needs-attention': Flags.boolean({
      summary: 'Only failed ones that are not going to be tried again by themselves.',
      exclusive: ['status'],
    }),
    ...limitFlags,
  };
  static override examples = [
    { description: 'The newest builds', command: '<%= config.bin %> build list' },
    {
      description: 'What has failed today',
      command: '<%= config.bin %> build list --status failed --since 24h',
    },
    { description: 'Ids for a script', command: '<%= config.bin %> build list --project linux -o id' },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(BuildList);
    const attention = flags['needs-attention'];
    const { since } = flags;
    const query = present({
      status: (attention ? 'failed' : flags.status) as BuildSummary['status'] | undefined,
      projectId: flags.project,
      platformId: flags.platform,
      stateMin: flags['state-min'],
      stateMax: flags['state-max'],
      q: flags.search,
      since: since === undefined ? undefined : instantOf('since', since, 'ago', this.session.now()),
    });
    const client = await this.client();
    const limit = flags.all ? undefined : flags.limit;
    const { items, more } = await beginningOf(
      client.builds.list(query),
      limit,
      attention ? needsAttention : undefined,
    );
    const holders = this.format === 'table' ? await holdersOf(client, items) : new Map();
    await this.show(buildListView(items, holders));
    if (more) await this.noteMore(items.length);
  }
}
