import { resolve } from 'node:path';
import { timestamp } from '@buildstate/core/light';
import * as Flags from '@oclif/core/flags';
import { requiredArgument } from '../../base/args.ts';
import { progressFlag, StoreCommand } from '../../base/store-command.ts';
import { byteSize } from '../../output/amounts.ts';

/** `bldst store backup` */
export default class StoreBackup extends StoreCommand {
  static override summary = 'Back a store up into a folder, while it is in use.';
  static override description = [
    "SQLite is copied by its own online backup and checked; other stores are exported. The folder's manifest.json has the SHA-256 of every file. The folder is there when everything is on disk, not before, and can be read by you alone.",
    'Keep the key ring (keyring.json, or wherever yours is) as well, in another place: without it sealed variables cannot be read and signatures not checked. Bytes of artifacts are backed up where they are kept.',
  ].join('\n');
  static override args = { dest: requiredArgument('The folder to make.') };
  static override flags = {
    from: Flags.string({
      summary: 'Address of the store. Default: the store that other commands use.',
      helpValue: 'URL',
    }),
    progress: progressFlag,
  };
  static override examples = [
    {
      description: 'A folder for each day',
      command: '<%= config.bin %> store backup "backup-$(date +%F)" --from ./local-store',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StoreBackup);
    const store = await this.openExisting(await this.address(flags.from));
    const { backupStore } = await import('@buildstate/state-stores/moving');
    const target = resolve(this.session.cwd, args.dest);
    const manifest = await this.withProgress('Backing up', flags.progress, (onProgress) =>
      backupStore(store, target, { now: timestamp(this.session.now()), onProgress }),
    );
    const bytes = manifest.files.reduce((sum, { size }) => sum + size, 0);
    const count = manifest.files.length;
    await this.show({
      body: { folder: target, ...manifest },
      text: () =>
        `Backed up ${manifest.store.uri} into ${target}: ${count} ${count === 1 ? 'file' : 'files'}, ${byteSize(bytes)}.`,
    });
  }
}
