import * as Flags from '@oclif/core/flags';
import { requiredArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { orchestrationStatuses } from '../../values/choices.ts';
import { jsonObject } from '../../values/json.ts';
import { present } from '../../values/present.ts';
import { resumeRequestView } from '../../views/resume-request.ts';

/** `bldst resume update` */
export default class ResumeUpdate extends TrackerCommand {
  static override summary = 'Report how far a request has come. What is not named stays as it is.';
  static override description =
    'For the job that a CI system runs for the request: triggered, running, and at the end completed, failed or cancelled, after which the build takes a new request.';
  static override args = { request: requiredArgument('Id of the request, as "bldst resume list" shows it.') };
  static override flags = {
    status: Flags.string({ char: 's', summary: 'How far it is.', options: [...orchestrationStatuses] }),
    'job-id': Flags.string({ summary: "The CI system's id of the job that does it.", helpValue: 'ID' }),
    'job-url': Flags.string({ summary: 'The page of that job.', helpValue: 'URL' }),
    error: Flags.string({ aliases: ['error-message'], summary: 'What went wrong.', helpValue: 'TEXT' }),
    metadata: Flags.string({ summary: 'Your own facts, as a JSON object.', helpValue: 'JSON' }),
  };
  static override examples = [
    {
      description: 'A job has taken it up',
      command:
        '<%= config.bin %> resume update "$(<%= config.bin %> resume list linux:42 -o id | head -1)" --status triggered --job-url https://ci.example/job/images/18/',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ResumeUpdate);
    const changes = present({
      orchestrationStatus: flags.status as (typeof orchestrationStatuses)[number] | undefined,
      orchestrationJobId: flags['job-id'],
      orchestrationJobUrl: flags['job-url'],
      errorMessage: flags.error,
      metadata: jsonObject('metadata', flags.metadata),
    });
    if (Object.keys(changes).length === 0) throw new UsageError('Say what is to be changed.');
    const client = await this.client();
    await this.show(resumeRequestView(await client.resume.update(args.request, changes)));
  }
}
