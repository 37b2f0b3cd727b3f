import * as Flags from '@oclif/core/flags';
import { optionalArgument } from '../../base/args.ts';
import { reporterFlags } from '../../base/report-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { buildAndName } from '../../values/positionals.ts';
import { present } from '../../values/present.ts';
import { readReports } from '../../values/reports-file.ts';
import { batchView } from '../../views/batch.ts';
import { refusalCode } from '../../views/bulk-resume.ts';

/** `bldst build add-states` */
export default class BuildAddStates extends TrackerCommand {
  static override summary = 'Report many transitions of a build at once, in order.';
  static override description =
    'The file holds reports as the API takes them: a JSON array, or one JSON object a line. Each is recorded for itself; a refused one does not keep the later ones from being recorded, unless --stop-on-error. Give each an event_id of its own, a UUID, and the same file can be sent again after a connection was lost: what was recorded is not recorded twice.';
  static override args = {
    build: optionalArgument('The build. May be left out where BLDST_BUILD_ID or .bldst-build names it.'),
    file: optionalArgument('The file with the reports; - for standard input.'),
  };
  static override flags = {
    'stop-on-error': Flags.boolean({ summary: 'Try nothing after a refused report.' }),
    'reported-by': reporterFlags['reported-by'],
    'lease-token': reporterFlags['lease-token'],
  };
  static override examples = [
    {
      description: 'Two states, from a script',
      command: `printf '%s\\n' '{"state":5}' '{"state":10,"message":"Base is up"}' | <%= config.bin %> build add-states linux:42 -`,
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BuildAddStates);
    const { build: named, name: file } = buildAndName([args.build, args.file], 'the file with the reports');
    const build = this.build(named);
    const reports = await readReports(file, this.session);
    const who = present({
      reportedBy: flags['reported-by'],
      leaseToken: await this.leaseToken(build, flags['lease-token']),
    });
    const client = await this.client();
    const outcome = await client.builds.recordAll(
      build,
      reports.map((report) => ({ ...who, ...report })),
      { stopOnError: flags['stop-on-error'] },
    );
    for (const { index, answer } of outcome.results) {
      for (const warning of answer?.warnings ?? []) await this.caution(`Report ${index + 1}: ${warning}`);
    }
    await this.show(batchView(outcome));
    this.exitCode = refusalCode(outcome.results.map(({ problem }) => problem));
  }
}
