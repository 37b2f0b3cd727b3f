import * as Flags from '@oclif/core/flags';
import { artifactArguments } from '../../base/artifact-args.ts';
import { artifactFlags } from '../../base/artifact-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { instantOf } from '../../values/duration.ts';
import { jsonObject } from '../../values/json.ts';
import { buildAndName } from '../../values/positionals.ts';
import { present } from '../../values/present.ts';
import { artifactView } from '../../views/artifact.ts';

/** `bldst artifact update` */
export default class ArtifactUpdate extends TrackerCommand {
  static override summary = 'Change the record of an artifact.';
  static override args = artifactArguments;
  static override flags = {
    name: Flags.string({ char: 'n', summary: 'Its new name.', helpValue: 'NAME' }),
    ...artifactFlags,
    expires: Flags.string({
      summary: 'When it stops being good: a time, a length of time such as 7d, or never.',
      helpValue: 'TIME',
    }),
  };
  static override examples = [
    {
      description: 'It is a deliverable',
      command: '<%= config.bin %> artifact update linux:42 golden --final',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ArtifactUpdate);
    const words = buildAndName([args.build, args.artifact], 'the artifact, by its name or id,');
    const build = this.build(words.build);
    const { expires } = flags;
    const changes = present({
      artifactName: flags.name,
      isFinal: flags.final,
      isResumable: flags.resumable,
      metadata: jsonObject('metadata', flags.metadata),
      expiresAt:
        expires === undefined
          ? undefined
          : expires === 'never'
            ? null
            : instantOf('expires', expires, 'ahead', this.session.now()),
    });
    if (Object.keys(changes).length === 0) throw new UsageError('Say what is to be changed.');
    const client = await this.client();
    await this.show(artifactView(await client.artifacts.update(build, words.name, changes)));
  }
}
