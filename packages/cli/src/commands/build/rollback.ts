import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../../base/args.ts';
import { reporterFlags } from '../../base/report-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { present } from '../../values/present.ts';
import { reporterFields } from '../../values/report-fields.ts';
import { resumeStateOf } from '../../values/resume-state.ts';
import { buildStateCode } from '../../values/state.ts';
import { buildView } from '../../views/build.ts';

/** `bldst build rollback` */
export default class BuildRollback extends TrackerCommand {
  static override summary = 'Take a build back to an earlier completed state.';
  static override description =
    'Later attempts are marked as rolled back, and artifacts made after that state stop being resumable; they are kept.';
  static override args = { build: buildArgument };
  static override flags = {
    to: Flags.string({
      aliases: ['state', 'target-state'],
      summary: 'The state to go back to. Default: the completed one before the last.',
      helpValue: 'N|NAME',
    }),
    reason: Flags.string({ char: 'm', summary: 'Why, for the history.', helpValue: 'TEXT' }),
    'reported-by': reporterFlags['reported-by'],
    'event-id': reporterFlags['event-id'],
    'lease-token': reporterFlags['lease-token'],
  };
  static override examples = [
    {
      description: 'Go back to the base image',
      command: '<%= config.bin %> build rollback linux:42 --to 10 --reason "Wrong package mirror"',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BuildRollback);
    const build = this.build(args.build);
    const client = await this.client();
    const targetState = flags.to === undefined ? undefined : await buildStateCode(client, build, flags.to);
    const details = await client.builds.rollback(build, {
      ...reporterFields(flags, await this.leaseToken(build, flags['lease-token'])),
      ...present({ targetState, reason: flags.reason }),
    });
    await this.show(buildView(details, () => resumeStateOf(client, details)));
  }
}
