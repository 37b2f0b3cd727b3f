import type { BuildChange, BuildHead, JsonValue, Lease, WholeBuild } from '@buildstate/core';
import { StoreError } from '@buildstate/core/light';
import type { FixedDocuments } from './fixed-documents.ts';
import {
  emptyParts,
  type HeadDocument,
  type PartName,
  type PartReference,
  type PartReferences,
  partHash,
  partNames,
  partOf,
  withParts,
} from './head-document.ts';
import { keys } from './keys.ts';
import { byteLength, type DocumentLimits, largestHead, tightLimits } from './limits.ts';
import { countRows, type EntryRows, type LogEntry, rowsOf } from './log-entry.ts';
import { batchesOf } from './restored-log.ts';
import { type NamedLog, spill } from './tail-spill.ts';

/** What is needed to write the documents of a build. */
export interface ComposeTools {
  readonly documents: FixedDocuments;
  readonly limits: DocumentLimits;
  readonly nonce: () => string;
}

/** A head that is ready to be compared and set, and what was written for it. */
export interface ComposedHead {
  readonly document: HeadDocument;
  readonly text: string;
  /** What tells its newest entry from others. */
  readonly nonce: string;
  /** Keys of documents that nothing but this head names. */
  readonly created: readonly string[];
}

class Composition {
  readonly created: string[] = [];
  readonly #tools: ComposeTools;
  readonly #limits: DocumentLimits;
  readonly #buildId: string;

  constructor(tools: ComposeTools, limits: DocumentLimits, buildId: string) {
    this.#tools = tools;
    this.#limits = limits;
    this.#buildId = buildId;
  }

  /** An entry of the log; large rows are written to a document of their own. */
  async entry(rows: EntryRows, mark: Pick<LogEntry, 'version' | 'nonce' | 'lastSeq'>): Promise<LogEntry> {
    const text = JSON.stringify(rows);
    const entry = { ...mark, counts: countRows(rows), eventId: rows.report?.eventId };
    if (byteLength(text) <= this.#limits.entryBytes) return { ...entry, rows };
    const at = `${entry.version}-${this.#tools.nonce()}`;
    await this.#write(`${keys.entries(this.#buildId)}${at}`, text);
    return { ...entry, at };
  }

  /** A head without its large parts, which are written to documents of their own unless they are there already. */
  async detach(
    head: BuildHead,
    before: PartReferences,
  ): Promise<{ readonly head: BuildHead; readonly parts: PartReferences }> {
    const parts: Partial<Record<PartName, PartReference>> = {};
    const replaced: Partial<Record<PartName, JsonValue>> = {};
    for (const name of partNames) {
      const text = JSON.stringify(partOf(head, name));
      // The states of all codes are the one part that grows with the build; give it twice the room.
      if (byteLength(text) <= this.#limits.partBytes * (name === 'states' ? 2 : 1)) continue;
      replaced[name] = emptyParts[name];
      parts[name] = before[name]?.hash === partHash(text) ? before[name] : await this.#part(text);
    }
    return { head: withParts(head, replaced), parts };
  }

  async compose(
    change: BuildChange,
    lease: Lease | null,
    before: HeadDocument | undefined,
  ): Promise<ComposedHead> {
    const nonce = this.#tools.nonce();
    const { version } = change.head.build;
    const entry = await this.entry(rowsOf(change), { version, nonce, lastSeq: change.head.chain.seq });
    const log = await this.#append({ segments: before?.segments ?? [], tail: before?.tail ?? [] }, entry);
    return this.#document({ ...change.head, lease }, log, nonce, before?.parts ?? {});
  }

  /** The head of a build that is put back, with a log that has all of its rows. */
  async restore(whole: WholeBuild): Promise<ComposedHead> {
    const nonce = this.#tools.nonce();
    const { build, chain } = whole.head;
    let log: NamedLog = { segments: [], tail: [] };
    // Nobody knows any more which change wrote a row; they all came before the version that the build has.
    for (const { rows, lastSeq } of batchesOf(whole, this.#limits.entryBytes / 2))
      log = await this.#append(log, await this.entry(rows, { version: 0, nonce, lastSeq }));
    log = await this.#append(
      log,
      await this.entry({}, { version: build.version, nonce, lastSeq: chain.seq }),
    );
    return this.#document(whole.head, log, nonce, {});
  }

  #append({ segments, tail }: NamedLog, entry: LogEntry): Promise<NamedLog> {
    return spill(
      { segments, tail: [...tail, entry] },
      {
        documents: this.#tools.documents,
        buildId: this.#buildId,
        limits: this.#limits,
        nonce: this.#tools.nonce,
        created: (key) => this.created.push(key),
      },
    );
  }

  async #document(
    head: BuildHead,
    log: NamedLog,
    nonce: string,
    before: PartReferences,
  ): Promise<ComposedHead> {
    const detached = await this.detach(head, before);
    const document: HeadDocument = { format: 1, write: nonce, ...detached, ...log };
    return { document, text: JSON.stringify(document), nonce, created: this.created };
  }

  async #part(text: string): Promise<PartReference> {
    const at = this.#tools.nonce();
    await this.#write(`${keys.parts(this.#buildId)}${at}`, text);
    return { at, hash: partHash(text) };
  }

  async #write(key: string, text: string): Promise<void> {
    this.created.push(key);
    await this.#tools.documents.write(key, text);
  }
}

/**
 * Makes the head that a change leads to, and writes everything that it names.
 * @param lease the lease that the new head holds
 * @param before the head that the change was checked against; none when the build is created
 * @throws StoreError when the head would be larger than documents may be
 */
export async function composeHead(
  tools: ComposeTools,
  change: BuildChange,
  lease: Lease | null,
  before?: HeadDocument,
): Promise<ComposedHead> {
  return fitting(tools, change.head.build.id, (composition) => composition.compose(change, lease, before));
}

/**
 * Makes the head of a build that is put back, and writes everything that it names.
 * @throws StoreError when the head would be larger than documents may be
 */
export async function composeRestored(tools: ComposeTools, whole: WholeBuild): Promise<ComposedHead> {
  return fitting(tools, whole.head.build.id, (composition) => composition.restore(whole));
}

/** Composes with the usual limits, and where that makes too large a head, with tight ones. */
async function fitting(
  tools: ComposeTools,
  id: string,
  compose: (composition: Composition) => Promise<ComposedHead>,
): Promise<ComposedHead> {
  const usual = await compose(new Composition(tools, tools.limits, id));
  if (byteLength(usual.text) <= largestHead) return usual;
  await tools.documents.discard(usual.created);
  const tight = await compose(new Composition(tools, tightLimits, id));
  if (byteLength(tight.text) <= largestHead) return tight;
  await tools.documents.discard(tight.created);
  throw new StoreError(
    `The head of build ${id} would take ${byteLength(tight.text)} bytes, and ${largestHead} is the most.`,
  );
}

/** Keys of the parts that one head names and the next does not. */
export function supersededParts(buildId: string, before: PartReferences, after: PartReferences): string[] {
  const kept = new Set(partNames.map((name) => after[name]?.at));
  return partNames.flatMap((name) => {
    const at = before[name]?.at;
    return at === undefined || kept.has(at) ? [] : [`${keys.parts(buildId)}${at}`];
  });
}
