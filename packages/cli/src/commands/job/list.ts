import { buildArgument } from '../../base/args.ts';
import { mostFlag } from '../../base/flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { jobListView } from '../../views/job.ts';

/** `bldst job list` */
export default class JobList extends TrackerCommand {
  static override summary = 'List the CI jobs behind a build.';
  static override args = { build: buildArgument };
  static override flags = mostFlag;
  static override examples = [{ description: 'Its jobs', command: '<%= config.bin %> job list linux:42' }];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobList);
    const build = this.build(args.build);
    const client = await this.client();
    await this.showList(await client.jobs.list(build), flags.limit, jobListView);
  }
}
