import { projectArgument } from '../../base/project-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { deletedView } from '../../views/deleted.ts';

/** `bldst project delete` */
export default class ProjectDelete extends TrackerCommand {
  static override summary = 'Deactivate a project; its builds are kept.';
  static override description = 'Needs a key with the admin scope.';
  static override args = { project: projectArgument };
  static override examples = [
    { description: 'Deactivate a project', command: '<%= config.bin %> project delete rhel9-base' },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(ProjectDelete);
    const client = await this.client();
    const { id, name } = await client.projects.get(args.project);
    await client.projects.delete(id);
    await this.show(deletedView(id, `Deactivated the project ${name}.`));
  }
}
