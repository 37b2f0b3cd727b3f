import { ProjectCommand, projectFlag, projectStateArguments } from '../../base/project-command.ts';
import { resumableFlags } from '../../base/resumable-flags.ts';
import { resumableFields } from '../../values/resumable-fields.ts';
import { projectStateCode } from '../../values/state.ts';
import { resumableStateView } from '../../views/resumable-state.ts';

/** `bldst resumable-state create` */
export default class ResumableStateCreate extends ProjectCommand {
  static override summary = 'Configure how a state is resumed.';
  static override args = projectStateArguments;
  static override flags = { project: projectFlag, ...resumableFlags };
  static override examples = [
    {
      description: 'State 25 goes on from the base image',
      command:
        '<%= config.bin %> resumable-state create linux 25 --strategy from_artifact --required-artifact base-image --required-variable ami_id',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ResumableStateCreate);
    const { project, state } = this.projectAndState(args, flags.project);
    const client = await this.client();
    const stateCode = await projectStateCode(client, project, state);
    const entry = await client.resumableStates.create(project, { stateCode, ...resumableFields(flags) });
    await this.show(resumableStateView(entry));
  }
}
