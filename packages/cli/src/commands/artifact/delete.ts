import { artifactArguments } from '../../base/artifact-args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { buildAndName } from '../../values/positionals.ts';
import { deletedView } from '../../views/deleted.ts';

/** `bldst artifact delete` */
export default class ArtifactDelete extends TrackerCommand {
  static override summary = 'Delete the record of an artifact; its bytes stay where they are.';
  static override description = 'Needs a key with the admin scope.';
  static override args = artifactArguments;
  static override examples = [
    { description: 'Forget an artifact', command: '<%= config.bin %> artifact delete linux:42 golden' },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(ArtifactDelete);
    const words = buildAndName([args.build, args.artifact], 'the artifact, by its name or id,');
    const build = this.build(words.build);
    const client = await this.client();
    const { id } = await client.artifacts.get(build, words.name);
    await client.artifacts.delete(build, id);
    await this.show(deletedView(id, `Deleted the artifact ${words.name}.`));
  }
}
