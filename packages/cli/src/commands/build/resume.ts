import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../../base/args.ts';
import { reporterFlags } from '../../base/report-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { plainVerify, proofOf, verifyFlag } from '../../base/verify-flag.ts';
import { jsonObject } from '../../values/json.ts';
import { present } from '../../values/present.ts';
import { buildStateCode } from '../../values/state.ts';
import { requestedResumeView } from '../../views/resume-request.ts';

/** `bldst build resume` */
export default class BuildResume extends TrackerCommand {
  static override summary = 'Ask that a failed or abandoned build goes on.';
  static override description = [
    'The request names the state to go on with and is kept with the build. While it is open, asking again answers the same request.',
    'With --verify the artifacts that it would start from are looked for first, with --verify=deep read and hashed; those that are missing or corrupt are recorded as such, and the build goes on before the states that made them.',
  ].join('\n');
  static override args = { build: buildArgument };
  static override flags = {
    'from-state': Flags.string({
      summary: 'The state to go on with. Default: as the resume context says.',
      helpValue: 'N|NAME',
    }),
    'to-state': Flags.string({ summary: 'The last state to run.', helpValue: 'N|NAME' }),
    verify: verifyFlag,
    reason: Flags.string({ char: 'm', summary: 'Why.', helpValue: 'TEXT' }),
    'requested-by': Flags.string({ summary: 'Who asks. Default: the key.', helpValue: 'NAME' }),
    orchestration: Flags.string({
      summary: 'How a CI system is to run it: platform, pipeline, job, trigger_webhook.',
      helpValue: 'JSON',
    }),
    metadata: Flags.string({ summary: 'Your own facts, as a JSON object.', helpValue: 'JSON' }),
    'event-id': reporterFlags['event-id'],
  };
  static override examples = [
    {
      description: 'Go on where it failed',
      command: '<%= config.bin %> build resume linux:42 --reason "Mirror is back"',
    },
    {
      description: 'Only from bytes that were read and hashed just now',
      command: '<%= config.bin %> build resume linux:42 --verify=deep',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BuildResume, plainVerify(this.argv));
    const build = this.build(args.build);
    const client = await this.client();
    const state = async (text: string | undefined) =>
      text === undefined ? undefined : await buildStateCode(client, build, text);
    const request = await client.resume.request(
      build,
      present({
        resumeFromState: await state(flags['from-state']),
        resumeToState: await state(flags['to-state']),
        resumeReason: flags.reason,
        requestedBy: flags['requested-by'],
        requestSource: 'cli' as const,
        orchestrationConfig: jsonObject('orchestration', flags.orchestration),
        metadata: jsonObject('metadata', flags.metadata),
        eventId: flags['event-id'],
        verify: `${proofOf(flags.verify)}` as const,
      }),
    );
    await this.show(requestedResumeView(request));
  }
}
