import { open } from 'node:fs/promises';
import {
  defaultCatalogue,
  type Project,
  type Reference,
  type ReferenceKind,
  type StateStore,
  type Timestamp,
} from '@buildstate/core';
import { ConfigurationError, ValidationError } from '@buildstate/core/light';
import type { OnProgress } from '../moving/progress.ts';
import { placeOf, recordAt } from '../moving/put-record.ts';
import { type PutSummary, putRecords } from '../moving/put-records.ts';
import { counting, nameOf, noRecords, type StoreRecord } from '../moving/record.ts';
import { comparableText } from '../moving/wire-form.ts';
import { uuidFor } from './derived-ids.ts';
import type { LegacyBuild, LegacyFormat } from './legacy-build.ts';
import { readStateJson } from './state-json.ts';
import { readTables } from './tables.ts';
import { toWhole } from './to-whole.ts';

/** How other programs' data are brought in. */
export interface LegacyOptions {
  /** Which form they have. */
  readonly format: LegacyFormat;
  /** A file's path, or a database's URL. */
  readonly source: string;
  /** The project of all builds. @default what each build says */
  readonly project?: string | undefined;
  /** Only says what would come in. @default false */
  readonly dryRun?: boolean | undefined;
  /** Now: ISO 8601. */
  readonly now: Timestamp;
  /** Is told after every build. */
  readonly onProgress?: OnProgress | undefined;
}

/** What came of it. */
export interface LegacySummary extends PutSummary {
  /** What was not as the rules have it, build by build: sentences without a full stop. */
  readonly warnings: readonly string[];
}

/** Where builds come from, as often as they are asked for, always the same. */
interface LegacySource {
  builds(): AsyncIterable<LegacyBuild> | Iterable<LegacyBuild>;
  close(): Promise<void>;
}

async function openSource(format: LegacyFormat, source: string): Promise<LegacySource> {
  if (format === 'state-json') {
    const builds = await readStateJson(source);
    return { builds: () => builds, close: async () => undefined };
  }
  const tables =
    format === 'legacy-sqlite'
      ? (await import('./sqlite-source.ts')).sqliteSource(source)
      : await (await import('./postgres-source.ts')).postgresSource(source);
  return { builds: () => readTables(tables), close: () => tables.close() };
}

/** The projects and reference data that builds name: those of the store, or new ones. */
class Names {
  readonly made: StoreRecord[] = [];
  readonly #store: StateStore;
  readonly #now: Timestamp;
  readonly #projects = new Map<string, Project>();
  readonly #references = new Map<string, Reference>();

  constructor(store: StateStore, now: Timestamp) {
    this.#store = store;
    this.#now = now;
  }

  async project(name: string): Promise<Project> {
    const known =
      this.#projects.get(name) ?? (await this.#store.loadProject({ name })) ?? this.#newProject(name);
    this.#projects.set(name, known);
    return known;
  }

  async reference(kind: ReferenceKind, name: string | null): Promise<Reference | null> {
    if (name === null) return null;
    const key = `${kind} ${name}`;
    const known =
      this.#references.get(key) ??
      (await this.#store.loadReference(kind, { name })) ??
      this.#newReference(kind, name);
    this.#references.set(key, known);
    return known;
  }

  #newProject(name: string): Project {
    const at = this.#now;
    const id = uuidFor('project', `name ${name}`);
    let made = 0;
    const project: Project = {
      id,
      name,
      description: null,
      parentProjectId: null,
      artifactBase: null,
      settings: {},
      retention: null,
      revision: 1,
      createdAt: at,
      updatedAt: at,
      deactivatedAt: null,
      stateCodes: defaultCatalogue(() => uuidFor(`${id} state code`, `number ${made++}`), at),
      retryPolicies: [],
      resumableStates: [],
      failurePatterns: [],
    };
    this.made.push({ type: 'project', project });
    return project;
  }

  #newReference(kind: ReferenceKind, name: string): Reference {
    const at = this.#now;
    const reference: Reference = {
      id: uuidFor(kind, `name ${name}`),
      name,
      displayName: null,
      description: null,
      attributes: {},
      createdAt: at,
      updatedAt: at,
      deactivatedAt: null,
    };
    this.made.push({ type: 'reference', kind, reference });
    return reference;
  }
}

const validName = /^(?!\s)[^\p{Cc}]{1,100}(?<!\s)$/u;

async function* records(
  source: LegacySource,
  names: Names,
  options: LegacyOptions,
  warn: (text: string) => void,
): AsyncGenerator<StoreRecord> {
  let given = 0;
  for await (const legacy of source.builds()) {
    const name = options.project ?? legacy.project;
    if (name === null || !validName.test(name)) {
      throw new ValidationError(
        `${legacy.where}: project ${name === null ? 'is missing' : 'is no name of a project'}. Name one for all builds with --project.`,
        { problems: [{ path: 'project', message: 'is missing' }] },
      );
    }
    const project = await names.project(name);
    const references = {
      platform: await names.reference('platforms', legacy.platform),
      imageType: await names.reference('image_types', legacy.imageType),
    };
    const { format, now } = options;
    const { whole, warnings } = toWhole(legacy, { format, project, references, now });
    for (const warning of warnings) warn(`${legacy.where}: ${warning}`);
    yield* names.made.slice(given);
    given = names.made.length;
    yield { type: 'build', build: whole };
  }
}

/** What would become of records, without writing any. */
async function foresee(store: StateStore, given: AsyncIterable<StoreRecord>): Promise<PutSummary> {
  let written = noRecords;
  let identical = noRecords;
  const conflicts: string[] = [];
  for await (const record of given) {
    const there = await recordAt(store, placeOf(record));
    if (there === undefined) written = counting(written, record);
    else if (comparableText(there) === comparableText(record)) identical = counting(identical, record);
    else conflicts.push(`${nameOf(record)}: ${nameOf(there)} is there, and differs`);
  }
  return { written, identical, conflicts };
}

/**
 * Brings builds of another program into a store. All of them are read and made first; when one cannot be, nothing is
 * written. The same again changes nothing.
 * @throws ValidationError that names the file, the record and the field; ConfigurationError when there is nothing that
 *   is understood
 */
export async function importLegacy(store: StateStore, options: LegacyOptions): Promise<LegacySummary> {
  const source = await openSource(options.format, options.source);
  try {
    const warnings: string[] = [];
    const first = records(source, new Names(store, options.now), options, (text) => warnings.push(text));
    const foreseen = await foresee(store, first);
    if (options.dryRun === true) return { ...foreseen, warnings };
    let done = 0;
    const again = records(source, new Names(store, options.now), options, () => undefined);
    const summary = await putRecords(store, again, () => {
      done += 1;
      options.onProgress?.({ records: done });
    });
    return { ...summary, warnings };
  } finally {
    await source.close();
  }
}

/**
 * Which form a file or address has, by what is in it; `undefined` for an archive.
 * @throws ConfigurationError when it is none that is known
 */
export async function detectFormat(source: string): Promise<LegacyFormat | undefined> {
  if (/^postgres(ql)?:\/\//i.test(source)) return 'legacy-postgres';
  const first = Buffer.alloc(256);
  await using handle = await open(source, 'r');
  const { bytesRead } = await handle.read(first, 0, first.length, 0);
  const text = first.subarray(0, bytesRead).toString('latin1');
  if (text.startsWith('SQLite format 3\0')) return 'legacy-sqlite';
  if (
    /^\s*\{[^\n]*buildstate-archive/.test(text) ||
    text.startsWith('\x1f\x8b') ||
    text.startsWith('(\xb5/\xfd')
  )
    return undefined;
  if (/^(?:\xef\xbb\xbf)?\s*[[{]/.test(text)) return 'state-json';
  throw new ConfigurationError(
    `${source} is not an archive of a BuildState store, no SQLite database and no JSON. Archives are made with ` +
      '`bldst store export`.',
  );
}
