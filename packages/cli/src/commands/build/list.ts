import type { BuildSummary } from '@buildstate/client';
import * as Flags from '@oclif/core/flags';
import { limitFlags } from '../../base/flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { beginningOf } from '../../output/listing.ts';
import { buildStatuses } from '../../values/choices.ts';
import { instantOf } from '../../values/duration.ts';
import { present } from '../../values/present.ts';
import { buildListView } from '../../views/build.ts';

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
      summary:
        'Only those that somebody should look at: stalled, left by a silent holder, failed without another try, or with a refused report.',
    }),
    ...limitFlags,
  };
  static override examples = [
    { description: 'The newest builds', command: '<%= config.bin %> build list' },
    {
      description: 'What has failed today',
      command: '<%= config.bin %> build list --status failed --since 24h',
    },
    {
      description: 'What somebody should look at, and why',
      command: '<%= config.bin %> build list --needs-attention',
    },
    { description: 'Ids for a script', command: '<%= config.bin %> build list --project linux -o id' },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(BuildList);
    const { since } = flags;
    const query = present({
      outlook: 'true',
      needsAttention: flags['needs-attention'] ? 'true' : undefined,
      status: flags.status as BuildSummary['status'] | undefined,
      projectId: flags.project,
      platformId: flags.platform,
      stateMin: flags['state-min'],
      stateMax: flags['state-max'],
      q: flags.search,
      since: since === undefined ? undefined : instantOf('since', since, 'ago', this.session.now()),
    });
    const client = await this.client();
    const limit = flags.all ? undefined : flags.limit;
    const { items, more } = await beginningOf(client.builds.list(query), limit);
    await this.show(buildListView(items));
    if (more) await this.noteMore(items.length);
  }
}
