import { requiredArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { resumeRequestView } from '../../views/resume-request.ts';

/** `bldst resume get` */
export default class ResumeGet extends TrackerCommand {
  static override summary = 'Show one request that a build goes on.';
  static override args = { request: requiredArgument('Id of the request, as "bldst resume list" shows it.') };
  static override examples = [
    {
      description: 'The newest one of a build',
      command: '<%= config.bin %> resume get "$(<%= config.bin %> resume list linux:42 -o id | head -1)"',
    },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(ResumeGet);
    const client = await this.client();
    await this.show(resumeRequestView(await client.resume.get(args.request)));
  }
}
