import type { BodyOf } from '@buildstate/client';
import * as Flags from '@oclif/core/flags';
import { artifactArguments } from '../../base/artifact-args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { buildAndName } from '../../values/positionals.ts';
import { present } from '../../values/present.ts';
import { artifactView } from '../../views/artifact.ts';

/** What somebody else may have seen. */
const findings = ['stored', 'verified', 'missing', 'corrupt'] as const;

/** `bldst artifact verify` */
export default class ArtifactVerify extends TrackerCommand {
  static override summary = 'Look whether the bytes of an artifact are there and right.';
  static override description = [
    'Without --deep their presence and size are looked at, with it they are read and hashed again, by the tracker where it can reach them. What was found is recorded.',
    'Exit code 6 when they are missing or corrupt. Where the tracker cannot reach them, "bldst artifact download --verify-only" reads them from here.',
  ].join('\n');
  static override args = artifactArguments;
  static override flags = {
    deep: Flags.boolean({ summary: 'Read the bytes and hash them again.' }),
    found: Flags.string({
      summary: 'Record what you have seen yourself, instead of looking.',
      options: [...findings],
      exclusive: ['deep'],
    }),
  };
  static override examples = [
    { description: 'Is it still there?', command: '<%= config.bin %> artifact verify linux:42 base-image' },
    {
      description: 'Is it still the same?',
      command: '<%= config.bin %> artifact verify linux:42 base-image --deep',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ArtifactVerify);
    const words = buildAndName([args.build, args.artifact], 'the artifact, by its name or id,');
    const build = this.build(words.build);
    const client = await this.client();
    const how: BodyOf<'verifyArtifact'> = present({
      deep: flags.deep || undefined,
      verificationStatus: flags.found as (typeof findings)[number] | undefined,
    });
    const artifact = await client.artifacts.verify(build, words.name, how);
    for (const warning of artifact.warnings) await this.caution(warning);
    if (artifact.verificationStatus === 'missing' || artifact.verificationStatus === 'corrupt') {
      this.exitCode = exitCodes.integrity.code;
    }
    await this.show(artifactView(artifact));
  }
}
