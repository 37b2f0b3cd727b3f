import { resolve } from 'node:path';
import * as Flags from '@oclif/core/flags';
import { progressFlag, StoreCommand, storeArguments } from '../../base/store-command.ts';
import { standardOutput } from '../../store/standard-output.ts';
import { countsText } from '../../views/store.ts';

/** `bldst store export` */
export default class StoreExport extends StoreCommand {
  static override summary = 'Write everything that a store keeps to one file, or to standard output.';
  static override description = [
    'The file has one JSON object a line: a header, every project, entry of reference data, API key (its hash alone) and build, deleted ones too, and at the end counts and a SHA-256. A name that ends in .gz or .zst is compressed. The same content makes the same bytes, whatever store it is in.',
    'Sensitive variables stay sealed: whoever is to read them needs the key ring, which is not in the file. Bytes of artifacts are not in it either.',
    'Each build is as it was at one moment; others may go on using the store. The file can be read by you alone, and is there when it is complete, not before.',
  ].join('\n');
  static override args = storeArguments;
  static override flags = {
    to: Flags.string({
      summary: 'The file to make; - is standard output.',
      helpValue: 'FILE',
      required: true,
    }),
    progress: progressFlag,
  };
  static override examples = [
    {
      description: 'Everything, compressed',
      command: '<%= config.bin %> store export ./local-store --to builds.ndjson.zst',
    },
    {
      description: 'Look into it with other tools',
      command:
        '<%= config.bin %> store export ./local-store --to - | jq -r \'select(.type == "build") | .build.head.build.build_number\'',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StoreExport);
    const store = await this.openExisting(await this.address(args.url));
    const { writeArchive, writeArchiveFile } = await import('@buildstate/state-stores/moving');
    const toOutput = flags.to === '-';
    const summary = await this.withProgress('Exporting', flags.progress, (onProgress) =>
      toOutput
        ? writeArchive(store, standardOutput(this.session.stdout), 'none', { onProgress })
        : writeArchiveFile(store, resolve(this.session.cwd, flags.to), { onProgress }),
    );
    if (toOutput) {
      await this.note(`Exported ${countsText(summary.counts)}.`);
      return;
    }
    await this.show({
      body: { file: flags.to, ...summary },
      text: () =>
        `Exported ${countsText(summary.counts)} to ${flags.to}.\nSHA-256 of its lines: ${summary.sha256}`,
    });
  }
}
