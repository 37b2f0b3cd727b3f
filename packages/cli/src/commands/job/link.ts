import { detectCi, jobLink } from '@buildstate/client';
import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { present } from '../../values/present.ts';
import { buildStateCode } from '../../values/state.ts';
import { jobView } from '../../views/job.ts';

const text = (summary: string) => Flags.string({ summary, helpValue: 'TEXT' });

/** `bldst job link` */
export default class JobLink extends TrackerCommand {
  static override summary = 'Link a CI job to a build.';
  static override description =
    'In GitHub Actions, GitLab, Jenkins, Concourse, Buildkite, Azure Pipelines, CircleCI and Bitbucket, the job is told from its environment; flags override what is found there.';
  static override args = { build: buildArgument };
  static override flags = {
    platform: Flags.string({ summary: 'The CI system.', helpValue: 'NAME' }),
    pipeline: text('Its pipeline or workflow.'),
    job: text('The job within it.'),
    'job-id': text("The system's own id of it."),
    'job-url': Flags.string({ summary: 'Its page.', helpValue: 'URL' }),
    number: text("The system's own number of the run."),
    'triggered-by': text('Who or what started it.'),
    'trigger-source': text('How: push, schedule, manual, …'),
    status: text('How it is.'),
    'resumed-from': Flags.string({ summary: 'It resumes the build from this state.', helpValue: 'N|NAME' }),
  };
  static override examples = [
    {
      description: 'Say by hand which job it is',
      command:
        '<%= config.bin %> job link linux:42 --platform jenkins --job images --number 17 --job-url https://ci.example/job/images/17/',
    },
    {
      description: 'The job that this runs in',
      command: 'GITHUB_ACTIONS=true <%= config.bin %> job link linux:42',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobLink);
    const build = this.build(args.build);
    const found = detectCi(this.session.env);
    const platform = flags.platform ?? found?.platform;
    if (platform === undefined) {
      throw new UsageError('No CI system was recognised. Say with --platform which one it is.');
    }
    const client = await this.client();
    const from = flags['resumed-from'];
    const job = await client.jobs.link(build, {
      ...(found?.platform === platform ? jobLink(found) : {}),
      platform,
      ...present({
        pipelineName: flags.pipeline,
        jobName: flags.job,
        jobId: flags['job-id'],
        jobUrl: flags['job-url'],
        buildNumber: flags.number,
        triggeredBy: flags['triggered-by'],
        triggerSource: flags['trigger-source'],
        status: flags.status,
        isResumeJob: from === undefined ? undefined : true,
        resumedFromState: from === undefined ? undefined : await buildStateCode(client, build, from),
      }),
    });
    await this.show(jobView(job));
  }
}
