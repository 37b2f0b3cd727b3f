import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../../base/args.ts';
import { reporterFlags } from '../../base/report-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { present } from '../../values/present.ts';
import { buildView } from '../../views/build.ts';

/** `bldst build cancel` */
export default class BuildCancel extends TrackerCommand {
  static override summary = 'Give a build up for good.';
  static override args = { build: buildArgument };
  static override flags = {
    reason: Flags.string({ char: 'm', summary: 'Why, for the history.', helpValue: 'TEXT' }),
    'reported-by': reporterFlags['reported-by'],
    'event-id': reporterFlags['event-id'],
  };
  static override examples = [
    {
      description: 'It is not needed any more',
      command: '<%= config.bin %> build cancel linux:42 --reason "Superseded by 43"',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BuildCancel);
    const build = this.build(args.build);
    const client = await this.client();
    const details = await client.builds.cancel(
      build,
      present({ reason: flags.reason, reportedBy: flags['reported-by'], eventId: flags['event-id'] }),
    );
    await this.show(buildView(details, async () => undefined));
  }
}
