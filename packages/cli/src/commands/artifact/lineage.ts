import * as Flags from '@oclif/core/flags';
import { artifactArguments } from '../../base/artifact-args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { buildAndName } from '../../values/positionals.ts';
import { present } from '../../values/present.ts';
import { lineageView } from '../../views/lineage.ts';

/** `bldst artifact lineage` */
export default class ArtifactLineage extends TrackerCommand {
  static override summary = 'Show what an artifact was made from, and what was made from it.';
  static override args = artifactArguments;
  static override flags = {
    depth: Flags.integer({
      summary: 'Most steps in each direction. Default: 20.',
      helpValue: 'N',
      min: 1,
      max: 100,
    }),
  };
  static override examples = [
    {
      description: 'Where does this image come from?',
      command: '<%= config.bin %> artifact lineage linux:42 golden',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ArtifactLineage);
    const words = buildAndName([args.build, args.artifact], 'the artifact, by its name or id,');
    const build = this.build(words.build);
    const client = await this.client();
    const lineage = await client.artifacts.lineage(build, words.name, present({ depth: flags.depth }));
    await this.show(lineageView(lineage));
  }
}
