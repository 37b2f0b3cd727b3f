import { projectArgument } from '../../base/project-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { projectView } from '../../views/project.ts';

/** `bldst project get` */
export default class ProjectGet extends TrackerCommand {
  static override summary = 'Show a project.';
  static override args = { project: projectArgument };
  static override examples = [
    { description: 'Show a project', command: '<%= config.bin %> project get linux' },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(ProjectGet);
    const client = await this.client();
    await this.show(projectView(await client.projects.get(args.project)));
  }
}
