import { ProjectCommand, projectFlag, projectStateArguments } from '../../base/project-command.ts';
import { projectStateCode } from '../../values/state.ts';
import { deletedView } from '../../views/deleted.ts';

/** `bldst resumable-state delete` */
export default class ResumableStateDelete extends ProjectCommand {
  static override summary = 'Remove the configuration of a state.';
  static override args = projectStateArguments;
  static override flags = { project: projectFlag };
  static override examples = [
    { description: 'Remove it', command: '<%= config.bin %> resumable-state delete linux 25' },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ResumableStateDelete);
    const { project, state } = this.projectAndState(args, flags.project);
    const client = await this.client();
    const stateCode = await projectStateCode(client, project, state);
    await client.resumableStates.delete(project, stateCode);
    await this.show(
      deletedView(String(stateCode), `State ${stateCode} has no configuration of its own any more.`),
    );
  }
}
