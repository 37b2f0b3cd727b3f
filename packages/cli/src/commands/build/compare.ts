import { TrackerCommand } from '../../base/tracker-command.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { comparisonView } from '../../views/comparison.ts';

/** `bldst build compare` */
export default class BuildCompare extends TrackerCommand {
  static override summary = 'Compare two to ten builds, state by state.';
  static override description = 'States at which something is not the same are marked with a star.';
  static override strict = false;
  static override usage = 'build compare BUILD BUILD...';
  static override examples = [
    {
      description: 'What is different this time?',
      command: '<%= config.bin %> build compare linux:42 linux:41',
    },
  ];

  async run(): Promise<void> {
    const { argv } = await this.parse(BuildCompare);
    const builds = argv.map(String);
    if (builds.length < 2) throw new UsageError('Name the builds to compare: two to ten of them.');
    const client = await this.client();
    await this.show(comparisonView(await client.builds.compare(builds)));
  }
}
