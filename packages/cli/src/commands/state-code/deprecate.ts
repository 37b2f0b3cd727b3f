import { ProjectCommand, projectFlag, projectStateArguments } from '../../base/project-command.ts';
import { projectStateCode } from '../../values/state.ts';
import { stateCodeListView } from '../../views/state-code.ts';

/** `bldst state-code deprecate` */
export default class StateCodeDeprecate extends ProjectCommand {
  static override summary = 'Mark a state as no longer used. States are never removed.';
  static override args = projectStateArguments;
  static override flags = { project: projectFlag };
  static override examples = [
    { description: 'A state is no longer used', command: '<%= config.bin %> state-code deprecate linux 85' },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StateCodeDeprecate);
    const { project, state } = this.projectAndState(args, flags.project);
    const client = await this.client();
    const code = await projectStateCode(client, project, state);
    await client.stateCodes.deprecate(project, code);
    const entry = await client.stateCodes.get(project, code);
    await this.show(stateCodeListView([entry], entry));
  }
}
