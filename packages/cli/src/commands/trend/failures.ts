import { trendFlags, trendQuery } from '../../base/figure-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { failureTrendsView } from '../../views/figures.ts';

/** `bldst trend failures` */
export default class TrendFailures extends TrackerCommand {
  static override summary = 'Show how often states fail, over time.';
  static override description =
    'Failed attempts among the failed and completed ones, by category and component.';
  static override flags = trendFlags;
  static override examples = [
    { description: 'What fails, and how often?', command: '<%= config.bin %> trend failures' },
    {
      description: 'One state of a project, week by week',
      command: '<%= config.bin %> trend failures --project linux --state 10 --period 12w',
    },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(TrendFailures);
    const { figures } = await this.client();
    await this.show(failureTrendsView(await figures.failures(trendQuery(flags))));
  }
}
