import * as Flags from '@oclif/core/flags';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { comparisonView } from '../../views/comparison.ts';

/** `bldst build compare` */
export default class BuildCompare extends TrackerCommand {
  static override summary = 'Compare two to ten builds, state by state.';
  static override description = 'States at which something is not the same are marked with a star.';
  static override strict = false;
  static override usage = 'build compare [BUILD BUILD...] [--branches-of BUILD]';
  static override flags = {
    'branches-of': Flags.string({
      summary: 'Compare the branches of this build with each other.',
      helpValue: 'BUILD',
    }),
  };
  static override examples = [
    {
      description: 'What is different this time?',
      command: '<%= config.bin %> build compare linux:42 linux:41',
    },
    {
      description: 'Which region is not like the others?',
      command: '<%= config.bin %> build compare --branches-of linux:42',
    },
  ];

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(BuildCompare);
    const client = await this.client();
    const parent = flags['branches-of'];
    const branches = parent === undefined ? [] : (await client.builds.get(parent)).branches;
    const builds = [...argv.map(String), ...branches.map(({ buildId }) => buildId)];
    if (builds.length < 2) {
      throw new UsageError(
        parent === undefined
          ? 'Name the builds to compare: two to ten of them.'
          : `Build ${parent} has ${branches.length} branches; two to ten can be compared.`,
      );
    }
    await this.show(comparisonView(await client.builds.compare(builds)));
  }
}
