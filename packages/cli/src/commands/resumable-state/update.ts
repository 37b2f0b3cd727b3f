import { ProjectCommand, projectFlag, projectStateArguments } from '../../base/project-command.ts';
import { resumableFlags } from '../../base/resumable-flags.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { resumableFields } from '../../values/resumable-fields.ts';
import { projectStateCode } from '../../values/state.ts';
import { resumableStateView } from '../../views/resumable-state.ts';

/** `bldst resumable-state update` */
export default class ResumableStateUpdate extends ProjectCommand {
  static override summary = 'Change how a state is resumed. What is not named stays as it is.';
  static override args = projectStateArguments;
  static override flags = { project: projectFlag, ...resumableFlags };
  static override examples = [
    {
      description: 'It cannot be resumed any more',
      command: '<%= config.bin %> resumable-state update linux 25 --no-resumable',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ResumableStateUpdate);
    const { project, state } = this.projectAndState(args, flags.project);
    const changes = resumableFields(flags);
    if (Object.keys(changes).length === 0) throw new UsageError('Say what is to be changed.');
    const client = await this.client();
    const stateCode = await projectStateCode(client, project, state);
    await this.show(resumableStateView(await client.resumableStates.put(project, stateCode, changes)));
  }
}
