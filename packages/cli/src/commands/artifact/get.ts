import { artifactArguments } from '../../base/artifact-args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { buildAndName } from '../../values/positionals.ts';
import { artifactView } from '../../views/artifact.ts';

/** `bldst artifact get` */
export default class ArtifactGet extends TrackerCommand {
  static override summary = 'Show an artifact: where it is, its checksum, whether it is good.';
  static override args = artifactArguments;
  static override examples = [
    { description: 'Show an artifact', command: '<%= config.bin %> artifact get linux:42 base-image' },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(ArtifactGet);
    const words = buildAndName([args.build, args.artifact], 'the artifact, by its name or id,');
    const build = this.build(words.build);
    const client = await this.client();
    await this.show(artifactView(await client.artifacts.get(build, words.name)));
  }
}
