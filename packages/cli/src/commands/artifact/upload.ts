import { basename, resolve } from 'node:path';
import type { ArtifactSource, UploadArtifact, UploadedArtifact } from '@buildstate/client';
import * as Flags from '@oclif/core/flags';
import { optionalArgument } from '../../base/args.ts';
import { artifactFlags, leaseTokenFlag } from '../../base/artifact-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { progressForms } from '../../output/progress-meter.ts';
import { transferMeter } from '../../output/transfer-progress.ts';
import { instantOf } from '../../values/duration.ts';
import { jsonObject } from '../../values/json.ts';
import { buildAndName } from '../../values/positionals.ts';
import { present } from '../../values/present.ts';
import { buildStateCode } from '../../values/state.ts';
import { uploadedView } from '../../views/artifact.ts';

/** `bldst artifact upload` */
export default class ArtifactUpload extends TrackerCommand {
  static override summary = 'Store a file with its SHA-256 and register it as what a state produced.';
  static override description =
    'The bytes are read once, hashed on the way, and registered only when all of them are stored. Without --to they go where the project keeps its artifacts.';
  static override args = {
    build: optionalArgument('The build. May be left out where BLDST_BUILD_ID or .bldst-build names it.'),
    file: optionalArgument('The file to store; - for standard input.'),
  };
  static override flags = {
    state: Flags.string({ summary: 'The state that produced it.', helpValue: 'N|NAME', required: true }),
    name: Flags.string({ char: 'n', summary: "Its name. Default: the file's.", helpValue: 'NAME' }),
    type: Flags.string({
      char: 't',
      summary: 'Its type: disk_image, archive, … Default: told from the bytes.',
    }),
    to: Flags.string({
      summary: 'Where to store it: s3://bucket/prefix, file:///folder, …',
      helpValue: 'URI',
    }),
    filename: Flags.string({ summary: 'Name of the stored object.', helpValue: 'NAME' }),
    'content-type': Flags.string({ summary: 'Its media type.', helpValue: 'TYPE' }),
    parent: Flags.string({
      summary: 'Id of an artifact that it was made from.',
      helpValue: 'ID',
      multiple: true,
      multipleNonGreedy: true,
    }),
    replace: Flags.boolean({ summary: 'Take the place of an artifact of the same name.' }),
    complete: Flags.boolean({ summary: 'Complete the state with it, in the same change.' }),
    message: Flags.string({
      char: 'm',
      summary: 'With --complete: a sentence for the history.',
      helpValue: 'TEXT',
      dependsOn: ['complete'],
    }),
    ...artifactFlags,
    'lease-token': leaseTokenFlag,
    progress: Flags.string({
      summary: 'How progress is shown.',
      options: [...progressForms],
      default: 'auto',
    }),
  };
  static override examples = [
    {
      description: 'Store what state 10 produced',
      command: '<%= config.bin %> artifact upload linux:42 base.qcow2 --state 10 --name base-image',
    },
    {
      description: 'From a pipe, and the state is completed with it',
      command:
        'tar -c rootfs | <%= config.bin %> artifact upload linux:42 - --state 25 --name rootfs.tar --complete',
    },
  ];
  protected override readonly movesBytes = true;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ArtifactUpload);
    const { now } = this.session;
    const words = buildAndName([args.build, args.file], 'FILE, the file to store,');
    const build = this.build(words.build);
    const name = flags.name ?? (words.name === '-' ? undefined : basename(words.name));
    if (name === undefined)
      throw new UsageError('What comes from standard input needs a name: give it with --name.');
    const token = await this.leaseToken(build, flags['lease-token']);
    const upload: UploadArtifact = {
      source: this.#source(words.name),
      state: await buildStateCode(await this.client(), build, flags.state),
      name,
      ...present({
        type: flags.type,
        to: flags.to,
        filename: flags.filename,
        contentType: flags['content-type'],
        resumable: flags.resumable,
        final: flags.final,
        expiresAt:
          flags.expires === undefined ? undefined : instantOf('expires', flags.expires, 'ahead', now()),
        metadata: jsonObject('metadata', flags.metadata),
        parents: flags.parent,
        replace: flags.replace || undefined,
        lease: token === undefined ? undefined : { token, signal: new AbortController().signal },
        complete: flags.complete ? present({ message: flags.message }) : undefined,
      }),
    };
    const uploaded = await this.#upload(build, upload, flags.progress as (typeof progressForms)[number]);
    for (const warning of uploaded.warnings) await this.caution(warning);
    await this.show(uploadedView(uploaded, name));
  }

  #source(file: string): ArtifactSource {
    if (file !== '-') return { path: resolve(this.session.cwd, file) };
    return { stream: this.session.stdin as AsyncIterable<Uint8Array> };
  }

  async #upload(
    build: string,
    upload: UploadArtifact,
    form: (typeof progressForms)[number],
  ): Promise<UploadedArtifact> {
    const client = await this.client();
    const meter = transferMeter('Uploading', form, this.session);
    try {
      return await client.artifacts.upload(build, { ...upload, onProgress: meter.onProgress });
    } finally {
      await meter.finish();
    }
  }
}
