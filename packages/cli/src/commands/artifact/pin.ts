import { artifactArguments } from '../../base/artifact-args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { buildAndName } from '../../values/positionals.ts';
import { artifactView } from '../../views/artifact.ts';

/** `bldst artifact pin` */
export default class ArtifactPin extends TrackerCommand {
  static override summary = 'Protect an artifact from deletion and clean-up.';
  static override args = artifactArguments;
  static override examples = [
    { description: 'Keep it, whatever happens', command: '<%= config.bin %> artifact pin linux:42 golden' },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(ArtifactPin);
    const words = buildAndName([args.build, args.artifact], 'the artifact, by its name or id,');
    const build = this.build(words.build);
    const client = await this.client();
    await this.show(artifactView(await client.artifacts.pin(build, words.name)));
  }
}
