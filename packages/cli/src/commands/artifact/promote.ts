import * as Flags from '@oclif/core/flags';
import { artifactArguments } from '../../base/artifact-args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { buildAndName } from '../../values/positionals.ts';
import { present } from '../../values/present.ts';
import { artifactView } from '../../views/artifact.ts';

/** `bldst artifact promote` */
export default class ArtifactPromote extends TrackerCommand {
  static override summary = 'Make an artifact a deliverable and its build releasable.';
  static override description =
    'Refused for one that is deleted, superseded, missing, corrupt or expired. Promoting it again changes nothing.';
  static override args = artifactArguments;
  static override flags = {
    reason: Flags.string({ char: 'r', summary: 'Why it is a deliverable.', helpValue: 'TEXT' }),
    by: Flags.string({ summary: 'Who says so. Default: the key.', helpValue: 'NAME' }),
  };
  static override examples = [
    {
      description: 'This image goes out',
      command: '<%= config.bin %> artifact promote linux:42 golden --reason "Passed acceptance"',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ArtifactPromote);
    const words = buildAndName([args.build, args.artifact], 'the artifact, by its name or id,');
    const build = this.build(words.build);
    const client = await this.client();
    const how = present({ reason: flags.reason, promotedBy: flags.by });
    await this.show(artifactView(await client.artifacts.promote(build, words.name, how)));
  }
}
