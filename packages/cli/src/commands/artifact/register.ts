import type { BodyOf } from '@buildstate/client';
import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../../base/args.ts';
import { artifactFlags, leaseTokenFlag } from '../../base/artifact-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { instantOf } from '../../values/duration.ts';
import { jsonObject } from '../../values/json.ts';
import { present } from '../../values/present.ts';
import { buildStateCode } from '../../values/state.ts';
import { artifactView } from '../../views/artifact.ts';

type Algorithm = BodyOf<'registerArtifact'>['checksumAlgorithm'];

/** `bldst artifact register` */
export default class ArtifactRegister extends TrackerCommand {
  static override summary = 'Register bytes that are stored already, or a cloud object known by an id.';
  static override aliases = ['artifact create'];
  static override args = { build: buildArgument };
  static override flags = {
    state: Flags.string({ summary: 'The state that produced it.', helpValue: 'N|NAME', required: true }),
    name: Flags.string({
      char: 'n',
      summary: 'Its name, unique in the build.',
      helpValue: 'NAME',
      required: true,
    }),
    type: Flags.string({
      char: 't',
      summary: 'Its type: ami, vm_snapshot, disk_image, …',
      helpValue: 'TYPE',
      required: true,
    }),
    path: Flags.string({ summary: 'URI, path, or id of a cloud object.', helpValue: 'URI', required: true }),
    backend: Flags.string({
      summary: 'Where it is: s3, local, aws_ami, …',
      helpValue: 'NAME',
      required: true,
    }),
    region: Flags.string({ summary: 'The region of its place.', helpValue: 'NAME' }),
    bucket: Flags.string({ summary: 'The bucket of its place.', helpValue: 'NAME' }),
    key: Flags.string({ summary: 'The key of its place.', helpValue: 'KEY' }),
    size: Flags.integer({ summary: 'Its size in bytes.', helpValue: 'BYTES', min: 0 }),
    checksum: Flags.string({
      summary: 'Its checksum, with or without the algorithm.',
      helpValue: 'sha256:HEX',
    }),
    'checksum-algorithm': Flags.string({ summary: "The checksum's algorithm.", options: ['sha256', 'md5'] }),
    'content-type': Flags.string({ summary: 'Its media type.', helpValue: 'TYPE' }),
    parent: Flags.string({
      summary: 'Id of an artifact that it was made from.',
      helpValue: 'ID',
      multiple: true,
      multipleNonGreedy: true,
    }),
    replace: Flags.boolean({ summary: 'Take the place of an artifact of the same name.' }),
    id: Flags.string({ summary: 'Its id, if you bring your own.', helpValue: 'UUID' }),
    ...artifactFlags,
    'lease-token': leaseTokenFlag,
  };
  static override examples = [
    {
      description: 'An image that a cloud keeps',
      command:
        '<%= config.bin %> artifact register linux:42 --state 30 --name golden --type ami --path ami-0abc123 --backend aws_ami --region us-east-1',
    },
    {
      description: 'A file that another tool has stored',
      command:
        '<%= config.bin %> artifact create linux:42 --state 40 --name disk --type disk_image --path s3://images/42.qcow2 --backend s3 --size 1048576 --checksum sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 --final',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ArtifactRegister);
    const build = this.build(args.build);
    const client = await this.client();
    const registered = await client.artifacts.register(build, {
      stateCode: await buildStateCode(client, build, flags.state),
      artifactName: flags.name,
      artifactType: flags.type,
      artifactPath: flags.path,
      storageBackend: flags.backend,
      ...present({
        id: flags.id,
        storageRegion: flags.region,
        storageBucket: flags.bucket,
        storageKey: flags.key,
        sizeBytes: flags.size,
        checksum: flags.checksum,
        checksumAlgorithm: flags['checksum-algorithm'] as Algorithm,
        contentType: flags['content-type'],
        parents: flags.parent,
        replace: flags.replace || undefined,
        isResumable: flags.resumable,
        isFinal: flags.final,
        expiresAt:
          flags.expires === undefined
            ? undefined
            : instantOf('expires', flags.expires, 'ahead', this.session.now()),
        metadata: jsonObject('metadata', flags.metadata),
        leaseToken: await this.leaseToken(build, flags['lease-token']),
      }),
    });
    for (const warning of registered.warnings) await this.caution(warning);
    await this.show(artifactView(registered));
  }
}
