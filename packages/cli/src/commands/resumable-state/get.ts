import { ProjectCommand, projectFlag, projectStateArguments } from '../../base/project-command.ts';
import { projectStateCode } from '../../values/state.ts';
import { resumableStateView } from '../../views/resumable-state.ts';

/** `bldst resumable-state get` */
export default class ResumableStateGet extends ProjectCommand {
  static override summary = 'Show how a state is resumed.';
  static override args = projectStateArguments;
  static override flags = { project: projectFlag };
  static override examples = [
    { description: 'Show it', command: '<%= config.bin %> resumable-state get linux 25' },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ResumableStateGet);
    const { project, state } = this.projectAndState(args, flags.project);
    const client = await this.client();
    const stateCode = await projectStateCode(client, project, state);
    await this.show(resumableStateView(await client.resumableStates.get(project, stateCode)));
  }
}
