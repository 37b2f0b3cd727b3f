import { artifactArguments } from '../../base/artifact-args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { buildAndName } from '../../values/positionals.ts';
import { artifactView } from '../../views/artifact.ts';

/** `bldst artifact unpin` */
export default class ArtifactUnpin extends TrackerCommand {
  static override summary = 'Protect an artifact from deletion and clean-up no longer.';
  static override args = artifactArguments;
  static override examples = [
    { description: 'It may go', command: '<%= config.bin %> artifact unpin linux:42 golden' },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(ArtifactUnpin);
    const words = buildAndName([args.build, args.artifact], 'the artifact, by its name or id,');
    const build = this.build(words.build);
    const client = await this.client();
    await client.artifacts.unpin(build, words.name);
    await this.show(artifactView(await client.artifacts.get(build, words.name)));
  }
}
