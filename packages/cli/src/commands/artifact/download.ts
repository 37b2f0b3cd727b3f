import { basename, resolve } from 'node:path';
import type { ArtifactChoice, BuildStateClient, DownloadedArtifact } from '@buildstate/client';
import * as Flags from '@oclif/core/flags';
import { optionalArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { type ProgressForm, progressForms } from '../../output/progress-meter.ts';
import { transferMeter } from '../../output/transfer-progress.ts';
import { downloadWords } from '../../values/download-words.ts';
import { buildStateCode } from '../../values/state.ts';
import { downloadedView } from '../../views/artifact.ts';

/** `bldst artifact download` */
export default class ArtifactDownload extends TrackerCommand {
  static override summary = 'Fetch an artifact; it is only there when its size and SHA-256 are right.';
  static override description = [
    'Name the artifact, or take the newest one that the build can resume from with --latest, or the newest at or before a state with --state. DEST is a file; without it the file gets the name of the stored object, in the current folder.',
    'BUILD may be left out where BLDST_BUILD_ID or .bldst-build names it. With two words, the first is the build if it looks like one: an id, or PROJECT:NUMBER.',
    'Wrong bytes are never delivered: exit code 6, and nothing is at DEST.',
  ].join('\n');
  static override args = {
    build: optionalArgument('The build.'),
    name: optionalArgument('Name or id of the artifact.'),
    dest: optionalArgument('The file to make.'),
  };
  static override flags = {
    state: Flags.string({
      summary: 'The newest resumable artifact at or before this state.',
      helpValue: 'N|NAME',
      exclusive: ['latest'],
    }),
    latest: Flags.boolean({ summary: 'The newest resumable artifact.', exclusive: ['state'] }),
    'output-file': Flags.string({ summary: 'The same as DEST.', helpValue: 'FILE' }),
    'verify-only': Flags.boolean({ summary: 'Read and check the bytes without keeping them.' }),
    force: Flags.boolean({ char: 'f', summary: 'Replace a file at DEST.' }),
    progress: Flags.string({
      summary: 'How progress is shown.',
      options: [...progressForms],
      default: 'auto',
    }),
  };
  static override examples = [
    {
      description: 'Fetch an artifact by its name',
      command: '<%= config.bin %> artifact download linux:42 base-image ./fetched.qcow2',
    },
    {
      description: 'Whatever the build can resume from',
      command: '<%= config.bin %> artifact download linux:42 --latest --output-file ./latest.img',
    },
    {
      description: 'Is it still good?',
      command: '<%= config.bin %> artifact download linux:42 base-image --verify-only',
    },
  ];
  protected override readonly movesBytes = true;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ArtifactDownload);
    const chosenByFlag = flags.latest || flags.state !== undefined;
    const words = downloadWords([args.build, args.name, args.dest], chosenByFlag);
    const build = this.build(words.build);
    const dest = flags['output-file'] ?? words.dest;
    if (flags['output-file'] !== undefined && words.dest !== undefined) {
      throw new UsageError('Give the file either as DEST or with --output-file.');
    }
    const client = await this.client();
    const choice = await this.#choice(client, build, words.name, flags);
    const target = dest ?? (flags['verify-only'] ? '' : await this.#fileName(client, build, choice));
    const done = await this.#download(client, build, choice, resolve(this.session.cwd, target), {
      verifyOnly: flags['verify-only'],
      overwrite: flags.force,
      form: flags.progress as ProgressForm,
    });
    await this.show(downloadedView(done));
  }

  async #choice(
    client: BuildStateClient,
    build: string,
    name: string | undefined,
    flags: { readonly state?: string; readonly latest: boolean },
  ): Promise<ArtifactChoice> {
    if (flags.state !== undefined) return { state: await buildStateCode(client, build, flags.state) };
    if (flags.latest) return { latest: true };
    if (name !== undefined) return name;
    throw new UsageError('Which artifact? Give its name, or --latest, or --state N.', {
      hint: `bldst artifact list ${build}`,
    });
  }

  async #fileName(client: BuildStateClient, build: string, choice: ArtifactChoice): Promise<string> {
    if (typeof choice !== 'string') {
      throw new UsageError('Where to? Name the file with --output-file, or as the argument after BUILD.');
    }
    const { storageKey, artifactPath, artifactName } = await client.artifacts.get(build, choice);
    return basename(storageKey ?? artifactPath) || basename(artifactName);
  }

  async #download(
    client: BuildStateClient,
    build: string,
    choice: ArtifactChoice,
    target: string,
    how: { readonly verifyOnly: boolean; readonly overwrite: boolean; readonly form: ProgressForm },
  ): Promise<DownloadedArtifact> {
    const { form, ...options } = how;
    const meter = transferMeter('Downloading', form, this.session);
    try {
      return await client.artifacts.download(build, choice, target, {
        ...options,
        onProgress: meter.onProgress,
      });
    } finally {
      await meter.finish();
    }
  }
}
