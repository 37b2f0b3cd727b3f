import { mostFlag } from '../../base/flags.ts';
import { ProjectCommand, projectArguments, projectFlag } from '../../base/project-command.ts';
import { stateCodeListView } from '../../views/state-code.ts';

/** `bldst state-code list` */
export default class StateCodeList extends ProjectCommand {
  static override summary = 'List the states that builds of a project go through.';
  static override args = projectArguments;
  static override flags = { project: projectFlag, ...mostFlag };
  static override examples = [
    { description: 'The catalogue of a project', command: '<%= config.bin %> state-code list linux' },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StateCodeList);
    const project = this.project(args.project, flags.project);
    const client = await this.client();
    await this.showList(await client.stateCodes.list(project), flags.limit, stateCodeListView);
  }
}
