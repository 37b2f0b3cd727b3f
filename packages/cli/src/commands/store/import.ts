import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { NotFoundError, timestamp } from '@buildstate/core/light';
import type { LegacyFormat } from '@buildstate/state-stores/legacy';
import * as Flags from '@oclif/core/flags';
import { requiredArgument } from '../../base/args.ts';
import { progressFlag, StoreCommand } from '../../base/store-command.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { spoolInput } from '../../store/spool-input.ts';
import { type PutResult, putView } from '../../views/store.ts';

/** What a command line says besides what and where to. */
interface Wish {
  readonly project: string | undefined;
  readonly dryRun: boolean;
  /** How progress is shown. */
  readonly form: string;
}

/** `bldst store import` */
export default class StoreImport extends StoreCommand {
  static override summary = 'Bring what was exported, or data of other programs, into a store.';
  static override description = [
    'The file is read twice: once to see that it is whole, and only then to write. A file that was cut off or changed, or that a newer BuildState made, changes nothing.',
    'What is in the store already stays as it is: the same again is left alone, so that an import that was interrupted is done again and goes on; something else in the place of a record is reported, and the exit code is 4.',
    'Sensitive variables come in as they are, sealed. They can be read with the key ring that they were sealed with.',
    'Data of other programs become builds with a history, which go on where they stopped: SQLite files with builds, state_history and state_metadata; state.json documents, alone, in an array, or as sqlite3 prints them with -json; PostgreSQL databases with builds and build_states. What is in the file says which it is. Old ids that are UUIDs stay; what is not understood is kept in the metadata of the build. See docs/guide/importing.md.',
  ].join('\n');
  static override args = {
    file: requiredArgument('The file; - is standard input. Or the URL of a PostgreSQL database.'),
  };
  static override flags = {
    to: Flags.string({
      summary: 'Address of the store. Default: the store that other commands use.',
      helpValue: 'URL',
    }),
    format: Flags.string({
      summary: 'Which form the data have. Default: what is in them says so.',
      options: ['archive', 'legacy-sqlite', 'state-json', 'legacy-postgres'],
    }),
    project: Flags.string({
      char: 'p',
      summary: 'The project of all builds of another program. Default: what each says.',
      helpValue: 'NAME',
    }),
    'dry-run': Flags.boolean({ summary: 'Only say what would come in from another program.' }),
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
    {
      description: "What would come in from another program's state.json?",
      command:
        '<%= config.bin %> store import state.json --project rhel9-base --to ./another-store --dry-run',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StoreImport);
    const input = await this.#input(args.file);
    try {
      const { detectFormat } = await import('@buildstate/state-stores/legacy');
      const format = (flags.format ?? (await detectFormat(input.path)) ?? 'archive') as
        | LegacyFormat
        | 'archive';
      const wish = { project: flags.project, dryRun: flags['dry-run'], form: flags.progress };
      await (format === 'archive'
        ? this.#archive(input.path, flags.to, wish)
        : this.#legacy(input.path, flags.to, { ...wish, format }));
    } finally {
      await input.remove();
    }
  }

  async #archive(path: string, to: string | undefined, wish: Wish): Promise<void> {
    if (wish.dryRun || wish.project !== undefined) {
      throw new UsageError(
        '--dry-run and --project are for data of other programs; this is an archive of BuildState.',
      );
    }
    const store = await this.openStore(await this.address(to));
    const { importArchive } = await import('@buildstate/state-stores/moving');
    const summary = await this.withProgress('Importing', wish.form, (onProgress) =>
      importArchive(store, path, onProgress),
    );
    await this.#report('Imported', summary, []);
  }

  async #legacy(
    source: string,
    to: string | undefined,
    { format, project, dryRun, form }: Wish & { readonly format: LegacyFormat },
  ): Promise<void> {
    const store = await this.openStore(await this.address(to));
    const { importLegacy } = await import('@buildstate/state-stores/legacy');
    const now = timestamp(this.session.now());
    const summary = await this.withProgress('Importing', form, (onProgress) =>
      importLegacy(store, { format, source, project, dryRun, now, onProgress }),
    );
    await this.#report(dryRun ? 'Would import' : 'Imported', summary, summary.warnings);
  }

  async #report(done: string, summary: PutResult, warnings: readonly string[]): Promise<void> {
    if (summary.conflicts.length > 0) this.exitCode = exitCodes.conflict.code;
    for (const warning of warnings) await this.caution(`${warning}.`);
    await this.show(putView(done, summary));
  }

  async #input(file: string): Promise<{ readonly path: string; remove(): Promise<void> }> {
    if (/^postgres(ql)?:\/\//i.test(file)) return { path: file, remove: async () => undefined };
    if (file === '-') return spoolInput(this.session.stdin);
    const path = resolve(this.session.cwd, file);
    if (!existsSync(path)) throw new NotFoundError(`There is no file ${path}.`, { context: { path } });
    return { path, remove: async () => undefined };
  }
}
