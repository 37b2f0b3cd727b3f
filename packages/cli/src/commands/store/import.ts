import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { NotFoundError } from '@buildstate/core/light';
import * as Flags from '@oclif/core/flags';
import { requiredArgument } from '../../base/args.ts';
import { progressFlag, StoreCommand } from '../../base/store-command.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { spoolInput } from '../../store/spool-input.ts';
import { putView } from '../../views/store.ts';

/** `bldst store import` */
export default class StoreImport extends StoreCommand {
  static override summary = 'Bring what was exported into a store.';
  static override description = [
    'The file is read twice: once to see that it is whole, and only then to write. A file that was cut off or changed, or that a newer BuildState made, changes nothing.',
    'What is in the store already stays as it is: the same again is left alone, so that an import that was interrupted is done again and goes on; something else in the place of a record is reported, and the exit code is 4.',
    'Sensitive variables come in as they are, sealed. They can be read with the key ring that they were sealed with.',
  ].join('\n');
  static override args = { file: requiredArgument('The file; - is standard input.') };
  static override flags = {
    to: Flags.string({
      summary: 'Address of the store. Default: the store that other commands use.',
      helpValue: 'URL',
    }),
    progress: progressFlag,
  };
  static override examples = [
    {
      description: 'Into a new store',
      command: '<%= config.bin %> store import exported.ndjson --to sqlite:./new-store.db',
    },
    {
      description: 'From another place',
      command: 'cat exported.ndjson | <%= config.bin %> store import - --to ./another-store',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StoreImport);
    const input = await this.#input(args.file);
    try {
      const store = await this.openStore(await this.address(flags.to));
      const { importArchive } = await import('@buildstate/state-stores/moving');
      const summary = await this.withProgress('Importing', flags.progress, (onProgress) =>
        importArchive(store, input.path, onProgress),
      );
      if (summary.conflicts.length > 0) this.exitCode = exitCodes.conflict.code;
      await this.show(putView('Imported', { ...summary }));
    } finally {
      await input.remove();
    }
  }

  async #input(file: string): Promise<{ readonly path: string; remove(): Promise<void> }> {
    if (file === '-') return spoolInput(this.session.stdin);
    const path = resolve(this.session.cwd, file);
    if (!existsSync(path)) throw new NotFoundError(`There is no file ${path}.`, { context: { path } });
    return { path, remove: async () => undefined };
  }
}
