import { buildArgument } from '../../base/args.ts';
import { mostFlag } from '../../base/flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { resumableArtifactsView } from '../../views/artifact.ts';

/** `bldst artifact list-resumable` */
export default class ArtifactListResumable extends TrackerCommand {
  static override summary = 'List the artifacts that a build can resume from.';
  static override args = { build: buildArgument };
  static override flags = mostFlag;
  static override examples = [
    {
      description: 'What can be gone on with',
      command: '<%= config.bin %> artifact list-resumable linux:42',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ArtifactListResumable);
    const build = this.build(args.build);
    const client = await this.client();
    const artifacts = client.artifacts.list(build, { isResumable: true });
    await this.showList(artifacts, flags.limit, resumableArtifactsView);
  }
}
