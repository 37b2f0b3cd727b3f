import { buildArgument } from '../../base/args.ts';
import { failureFlags, occurrenceFlags, reporterFlags, stateFlag } from '../../base/report-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { failureFields, occurrenceFields, reporterFields } from '../../values/report-fields.ts';
import { stateChoice } from '../../values/state.ts';
import { reportView } from '../../views/attempt.ts';

/** `bldst build fail` */
export default class BuildFail extends TrackerCommand {
  static override summary = 'Report that a state failed, and learn whether it will be tried again.';
  static override aliases = ['build record-failure', 'build add-failure'];
  static override args = { build: buildArgument };
  static override flags = { state: stateFlag, ...failureFlags, ...occurrenceFlags, ...reporterFlags };
  static override examples = [
    {
      description: 'State 35 failed',
      command:
        '<%= config.bin %> build fail linux:42 --state 35 --error "Connection timed out" --component ansible',
    },
    {
      description: 'No retry can help',
      command:
        '<%= config.bin %> build fail linux:42 --state 35 --error "Unknown variable" --code E42 --not-retryable',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BuildFail);
    const build = this.build(args.build);
    const client = await this.client();
    const answer = await client.builds.fail(build, {
      ...(flags.state === undefined ? {} : stateChoice(flags.state)),
      ...failureFields(flags),
      ...occurrenceFields(flags),
      ...reporterFields(flags, await this.leaseToken(build, flags['lease-token'])),
    });
    for (const warning of answer.warnings) await this.caution(warning);
    await this.show(reportView(answer));
  }
}
