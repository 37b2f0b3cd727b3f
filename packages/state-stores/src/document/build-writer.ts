import type { BuildChange, BuildHead, Clock, Lease, WholeBuild } from '@buildstate/core';
import { expectationHolds, renewed } from '../lists/lease-guard.ts';
import { again, untilDecided } from './again.ts';
import {
  type ComposedHead,
  type ComposeTools,
  composeHead,
  composeRestored,
  supersededParts,
} from './compose-head.ts';
import type { DocumentDriver } from './driver.ts';
import { parseHead } from './head-document.ts';
import type { HeadDocuments, StoredHead } from './head-documents.ts';
import { keys } from './keys.ts';
import { LogReader } from './log-reader.ts';
import { writeNamed } from './name-claims.ts';

/** What builds are written with. */
export interface BuildTools extends ComposeTools {
  readonly driver: DocumentDriver;
  readonly clock: Clock;
  readonly heads: HeadDocuments;
}

/** Creates and changes builds. */
export class BuildWriter {
  readonly #tools: BuildTools;

  constructor(tools: BuildTools) {
    this.#tools = tools;
  }

  /** Writes a new build under its number, or answers which build is in the way. */
  create(change: BuildChange): Promise<{ readonly existing?: string }> {
    const lease = change.leaseChanged ? change.head.lease : null;
    return this.#write(change, () => composeHead(this.#tools, change, lease));
  }

  /** Puts a whole build back under its number, or answers which build is in the way. */
  restore(whole: WholeBuild): Promise<{ readonly existing?: string }> {
    return this.#write(whole, () => composeRestored(this.#tools, whole));
  }

  async #write(
    made: Pick<BuildChange, 'head' | 'resumeRequests'>,
    compose: () => Promise<ComposedHead>,
  ): Promise<{ readonly existing?: string }> {
    const { driver, clock, heads, documents, nonce } = this.#tools;
    const { id, projectId, buildNumber } = made.head.build;
    if ((await heads.read(id)) !== undefined) return { existing: id };
    await this.#indexRequests(made);
    const composed = await compose();
    const result = await writeNamed(driver, clock, {
      id,
      key: keys.head(id),
      text: composed.text,
      expected: null,
      isOurs: (text) => this.#holdsEntry(text, made.head, composed),
      nameKey: keys.number(projectId, buildNumber),
      recordKey: keys.head,
      holds: (text) => holdsNumber(text, projectId, buildNumber),
      nonce,
    });
    const existing = result === 'conflict' ? id : 'takenBy' in result ? result.takenBy : undefined;
    if (existing === undefined) return {};
    await documents.discard(composed.created);
    return { existing };
  }

  /** Writes a change if the build still is what it was decided on. */
  commit(change: BuildChange): Promise<'applied' | 'conflict'> {
    const { id } = change.head.build;
    let recalled = true;
    return untilDecided(this.#tools.clock, `Build ${id}`, async () => {
      const stored = recalled ? await this.#tools.heads.recall(id) : await this.#tools.heads.read(id);
      const fresh = !recalled;
      recalled = false;
      if (stored === undefined || change.expected === null) return 'conflict';
      const { build, lease } = stored.document.head;
      if (expectationHolds(change.expected, build.version, lease)) return this.#tryCommit(change, stored);
      // What is remembered may be older than what the decision was made on.
      return fresh ? 'conflict' : again;
    });
  }

  /** A heartbeat. It changes the head, so that it and a commit never overwrite each other. */
  renew(buildId: string, token: number): Promise<Lease | undefined> {
    const { heads, clock, nonce } = this.#tools;
    return untilDecided(clock, `Build ${buildId}`, async () => {
      const stored = await heads.read(buildId);
      const lease = renewed(stored?.document.head.lease ?? null, token, clock.now());
      if (stored === undefined || lease === undefined) return undefined;
      const { document, version } = stored;
      const write = nonce();
      const text = JSON.stringify({ ...document, write, head: { ...document.head, lease } });
      // Nobody but the holder renews: a count that has come this far counts this heartbeat.
      const isOurs = (found: string) => counts(parseHead(found).head.lease, lease);
      return (await heads.write(buildId, { text, expected: version, isOurs })) === 'conflict' ? again : lease;
    });
  }

  async #tryCommit(change: BuildChange, stored: StoredHead): Promise<'applied' | typeof again> {
    const { heads, documents } = this.#tools;
    const { document: before, version } = stored;
    const { id } = change.head.build;
    await this.#indexRequests(change);
    const lease = change.leaseChanged ? change.head.lease : before.head.lease;
    const composed = await composeHead(this.#tools, change, lease, before);
    const isOurs = (text: string) => this.#holdsEntry(text, change.head, composed);
    const result = await heads.write(id, { text: composed.text, expected: version, isOurs });
    if (result === 'conflict') {
      await documents.discard(composed.created);
      return again;
    }
    await documents.discard(supersededParts(id, before.parts, composed.document.parts));
    return 'applied';
  }

  /** Whether a head, as it is now, has the entry of this very change in its log. */
  async #holdsEntry(text: string, { build }: BuildHead, { nonce }: ComposedHead): Promise<boolean> {
    const { id, version } = build;
    const entry = await new LogReader(this.#tools.documents, id, parseHead(text)).entryOf(version);
    return entry?.nonce === nonce;
  }

  /** Writes where requests belong before they are findable; for one that is never written, it leads nowhere. */
  async #indexRequests({
    head,
    resumeRequests,
  }: Pick<BuildChange, 'head' | 'resumeRequests'>): Promise<void> {
    for (const { id } of resumeRequests)
      await this.#tools.documents.write(keys.resumeRequest(id), JSON.stringify({ build: head.build.id }));
  }
}

/** Whether a lease is one that was renewed, or renewed since. */
function counts(lease: Lease | null, heartbeat: Lease): boolean {
  return lease?.token === heartbeat.token && lease.renewals >= heartbeat.renewals;
}

/** Whether the text of a head is that of the build with this number. */
export function holdsNumber(text: string, projectId: string, buildNumber: string): boolean {
  const { build } = parseHead(text).head;
  return build.projectId === projectId && build.buildNumber === buildNumber;
}
