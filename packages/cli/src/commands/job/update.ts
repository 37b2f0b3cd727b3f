import * as Flags from '@oclif/core/flags';
import { optionalArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { buildAndName } from '../../values/positionals.ts';
import { present } from '../../values/present.ts';
import { jobView } from '../../views/job.ts';

/** `bldst job update` */
export default class JobUpdate extends TrackerCommand {
  static override summary = 'Report how a CI job behind a build is doing.';
  static override args = {
    build: optionalArgument('The build. May be left out where BLDST_BUILD_ID or .bldst-build names it.'),
    job: optionalArgument('Id of the job, as "bldst job list" shows it.'),
  };
  static override flags = {
    status: Flags.string({ char: 's', summary: 'How it is: running, success, failed, …', helpValue: 'TEXT' }),
    'job-url': Flags.string({ summary: 'Its page.', helpValue: 'URL' }),
    'started-at': Flags.string({ summary: 'When it began: ISO 8601.', helpValue: 'TIME' }),
    'completed-at': Flags.string({ summary: 'When it ended: ISO 8601.', helpValue: 'TIME' }),
  };
  static override examples = [
    {
      description: 'It is over',
      command:
        '<%= config.bin %> job update linux:42 "$(<%= config.bin %> job list linux:42 -o id | head -1)" --status success',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobUpdate);
    const words = buildAndName([args.build, args.job], 'JOB, the id of the job,');
    const build = this.build(words.build);
    const changes = present({
      status: flags.status,
      jobUrl: flags['job-url'],
      startedAt: flags['started-at'],
      completedAt: flags['completed-at'],
    });
    if (Object.keys(changes).length === 0) throw new UsageError('Say what is to be changed.');
    const client = await this.client();
    await this.show(jobView(await client.jobs.update(build, words.name, changes)));
  }
}
