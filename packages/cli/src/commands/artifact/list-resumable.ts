import { buildArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { resumableArtifactsView } from '../../views/artifact.ts';

/** `bldst artifact list-resumable` */
export default class ArtifactListResumable extends TrackerCommand {
  static override summary = 'List the artifacts that a build can resume from.';
  static override args = { build: buildArgument };
  static override examples = [
    {
      description: 'What can be gone on with',
      command: '<%= config.bin %> artifact list-resumable linux:42',
    },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(ArtifactListResumable);
    const build = this.build(args.build);
    const client = await this.client();
    const artifacts = await client.artifacts.list(build, { isResumable: true }).all();
    await this.show(resumableArtifactsView(artifacts));
  }
}
