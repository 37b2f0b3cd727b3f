import { buildArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { treeView } from '../../views/tree.ts';

/** `bldst build tree` */
export default class BuildTree extends TrackerCommand {
  static override summary = 'Show the whole tree of branches that a build is in, with their progress.';
  static override args = { build: buildArgument };
  static override examples = [
    { description: 'How far are the regions?', command: '<%= config.bin %> build tree linux:42' },
    {
      description: 'The branches that failed, for a script',
      command: `<%= config.bin %> build tree linux:42 --json | jq '.builds[] | select(.status == "failed") | .id'`,
    },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(BuildTree);
    const build = this.build(args.build);
    const client = await this.client();
    await this.show(treeView(await client.builds.tree(build, { outlook: true })));
  }
}
