import { resolve } from 'node:path';
import * as Flags from '@oclif/core/flags';
import { requiredArgument } from '../../base/args.ts';
import { progressFlag, StoreCommand } from '../../base/store-command.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { putView } from '../../views/store.ts';

/** `bldst store restore` */
export default class StoreRestore extends StoreCommand {
  static override summary = 'Put a backup back into a store of any kind.';
  static override description = [
    'Every file of the backup is compared with its SHA-256 first, and what was written is read back at the end. The store must be empty, unless --merge is given: then what is in it stays as it is, and what differs is reported (exit code 4).',
    'Leases come back as they were; those that have run out meanwhile hold nobody up.',
  ].join('\n');
  static override args = { source: requiredArgument('The folder of the backup.') };
  static override flags = {
    to: Flags.string({ summary: 'Address of the store.', helpValue: 'URL', required: true }),
    merge: Flags.boolean({ summary: 'Add what is missing to a store that is not empty.' }),
    progress: progressFlag,
  };
  static override examples = [
    {
      description: 'Into a new database',
      command: '<%= config.bin %> store restore backup --to sqlite:./restored.db',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StoreRestore);
    const folder = resolve(this.session.cwd, args.source);
    const { readBackup, restoreBackup } = await import('@buildstate/state-stores/moving');
    // Before a store is made for it.
    await readBackup(folder);
    const store = await this.openStore(await this.address(flags.to));
    const summary = await this.withProgress('Restoring', flags.progress, (onProgress) =>
      restoreBackup(folder, store, { merge: flags.merge, onProgress }),
    );
    if (summary.conflicts.length > 0) this.exitCode = exitCodes.conflict.code;
    await this.show(putView('Restored', summary));
  }
}
