import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../../base/args.ts';
import { reporterFlags } from '../../base/report-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { present } from '../../values/present.ts';
import { reporterFields } from '../../values/report-fields.ts';
import { resumeStateOf } from '../../values/resume-state.ts';
import { buildStateCode } from '../../values/state.ts';
import { buildView } from '../../views/build.ts';

/** `bldst build retry` */
export default class BuildRetry extends TrackerCommand {
  static override summary = 'Clear the failure of a build by hand, so that its state may start again.';
  static override args = { build: buildArgument };
  static override flags = {
    state: Flags.string({ summary: 'The failed state, to be sure.', helpValue: 'N|NAME' }),
    reason: Flags.string({ char: 'm', summary: 'Why, for the history.', helpValue: 'TEXT' }),
    'reported-by': reporterFlags['reported-by'],
    'event-id': reporterFlags['event-id'],
    'lease-token': reporterFlags['lease-token'],
  };
  static override examples = [
    {
      description: 'The disk has been enlarged: again',
      command: '<%= config.bin %> build retry linux:42 --reason "Disk enlarged"',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BuildRetry);
    const build = this.build(args.build);
    const client = await this.client();
    const state = flags.state === undefined ? undefined : await buildStateCode(client, build, flags.state);
    const details = await client.builds.retry(build, {
      ...reporterFields(flags, await this.leaseToken(build, flags['lease-token'])),
      ...present({ state, reason: flags.reason }),
    });
    await this.show(buildView(details, () => resumeStateOf(client, details)));
  }
}
