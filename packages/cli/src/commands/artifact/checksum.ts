import { resolve } from 'node:path';
import * as Flags from '@oclif/core/flags';
import { requiredArgument } from '../../base/args.ts';
import { OutputCommand } from '../../base/output-command.ts';
import { type HashedBytes, hashFile, hashStream } from '../../digest/hash-bytes.ts';
import { type ProgressForm, progressForms } from '../../output/progress-meter.ts';
import { transferMeter } from '../../output/transfer-progress.ts';

/** `bldst artifact checksum` */
export default class ArtifactChecksum extends OutputCommand {
  static override summary = 'Print the SHA-256 of a file, in the form that --checksum takes.';
  static override args = { file: requiredArgument('The file; - for standard input.') };
  static override flags = {
    progress: Flags.string({
      summary: 'How progress is shown, on standard error.',
      options: [...progressForms],
      default: 'auto',
    }),
  };
  static override examples = [
    {
      description: 'Of a file',
      command: '<%= config.bin %> artifact checksum base.qcow2',
    },
    {
      description: 'Register what another tool has stored',
      command:
        '<%= config.bin %> artifact register linux:42 --state 40 --name disk --type disk_image --path s3://images/42.qcow2 --backend s3 --checksum "$(<%= config.bin %> artifact checksum base.qcow2)"',
    },
    { description: 'From a pipe', command: 'tar -c rootfs | <%= config.bin %> artifact checksum -' },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ArtifactChecksum);
    const { sha256, sizeBytes } = await this.#hash(args.file, flags.progress as ProgressForm);
    const checksum = `sha256:${sha256}`;
    await this.show({
      body: { file: args.file, checksum, checksumAlgorithm: 'sha256', sizeBytes },
      ids: () => [checksum],
      text: () => checksum,
    });
  }

  async #hash(file: string, form: ProgressForm): Promise<HashedBytes> {
    const { stdin, cwd, now } = this.session;
    const meter = transferMeter('Hashing', form, this.session);
    const options = { now, onProgress: meter.onProgress };
    try {
      return file === '-' ? await hashStream(stdin, options) : await hashFile(resolve(cwd, file), options);
    } finally {
      await meter.finish();
    }
  }
}
