import * as Flags from '@oclif/core/flags';
import { projectArgument, projectFlags } from '../../base/project-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { failurePatterns } from '../../values/failure-patterns.ts';
import { present } from '../../values/present.ts';
import { projectFields } from '../../values/project-fields.ts';
import { projectView } from '../../views/project.ts';

/** `bldst project update` */
export default class ProjectUpdate extends TrackerCommand {
  static override summary = 'Change a project. What is not named stays as it is.';
  static override args = { project: projectArgument };
  static override flags = {
    ...projectFlags,
    'failure-pattern': Flags.string({
      summary: 'Error messages with this pattern are of that category; replaces the present ones.',
      helpValue: 'CATEGORY=PATTERN',
      multiple: true,
      multipleNonGreedy: true,
    }),
  };
  static override examples = [
    {
      description: 'Artifacts go somewhere else from now on',
      command: '<%= config.bin %> project update linux --artifact-base s3://new-bucket/linux',
    },
    {
      description: 'A failure that a retry can help',
      command: '<%= config.bin %> project update linux --failure-pattern "transient=mirror .* is syncing"',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProjectUpdate);
    const client = await this.client();
    const changes = {
      ...(await projectFields(client, flags)),
      ...present({ failurePatterns: failurePatterns(flags['failure-pattern']) }),
    };
    if (Object.keys(changes).length === 0) throw new UsageError('Say what is to be changed.');
    await this.show(projectView(await client.projects.update(args.project, changes)));
  }
}
