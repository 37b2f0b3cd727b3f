import * as Flags from '@oclif/core/flags';
import { limitFlags } from '../../base/flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { beginningOf } from '../../output/listing.ts';
import { present } from '../../values/present.ts';
import { projectListView } from '../../views/project.ts';

/** `bldst project list` */
export default class ProjectList extends TrackerCommand {
  static override summary = 'List projects.';
  static override flags = {
    'include-deactivated': Flags.boolean({ summary: 'Deactivated ones as well.' }),
    ...limitFlags,
  };
  static override examples = [{ description: 'All projects', command: '<%= config.bin %> project list' }];

  async run(): Promise<void> {
    const { flags } = await this.parse(ProjectList);
    const client = await this.client();
    const query = present({ includeDeactivated: flags['include-deactivated'] ? 'true' : undefined });
    const { items, more } = await beginningOf(
      client.projects.list(query),
      flags.all ? undefined : flags.limit,
    );
    await this.show(projectListView(items));
    if (more) await this.noteMore(items.length);
  }
}
