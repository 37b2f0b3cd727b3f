import { trendFlags, trendQuery } from '../../base/figure-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { durationTrendsView } from '../../views/figures.ts';

/** `bldst trend durations` */
export default class TrendDurations extends TrackerCommand {
  static override summary = 'Show how long states take, over time.';
  static override description = 'From completed attempts whose start somebody saw.';
  static override flags = trendFlags;
  static override examples = [
    { description: 'How long do the states take?', command: '<%= config.bin %> trend durations' },
    {
      description: 'One state of a project, week by week',
      command: '<%= config.bin %> trend durations --project linux --state 10 --period 12w',
    },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(TrendDurations);
    const { figures } = await this.client();
    await this.show(durationTrendsView(await figures.durations(trendQuery(flags))));
  }
}
