import { mostFlag } from '../../base/flags.ts';
import { ProjectCommand, projectArguments, projectFlag } from '../../base/project-command.ts';
import { resumableStateListView } from '../../views/resumable-state.ts';

/** `bldst resumable-state list` */
export default class ResumableStateList extends ProjectCommand {
  static override summary = 'List which states of a project can be resumed, and how.';
  static override args = projectArguments;
  static override flags = { project: projectFlag, ...mostFlag };
  static override examples = [
    { description: 'All of a project', command: '<%= config.bin %> resumable-state list linux' },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ResumableStateList);
    const project = this.project(args.project, flags.project);
    const client = await this.client();
    await this.showList(await client.resumableStates.list(project), flags.limit, resumableStateListView);
  }
}
