import { buildArgument } from '../../base/args.ts';
import { mostFlag } from '../../base/flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { resumeRequestListView } from '../../views/resume-request.ts';

/** `bldst resume list` */
export default class ResumeList extends TrackerCommand {
  static override summary = 'List the requests that a build goes on, newest first.';
  static override args = { build: buildArgument };
  static override flags = mostFlag;
  static override examples = [
    { description: 'Who asked, and how far it came', command: '<%= config.bin %> resume list linux:42' },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ResumeList);
    const build = this.build(args.build);
    const client = await this.client();
    await this.showList(await client.resume.list(build), flags.limit, resumeRequestListView);
  }
}
