import { covers } from '../access/api-token.ts';
import type { Artifact } from '../artifact/artifact.ts';
import { decideVerification } from '../artifact/decide-change.ts';
import type { BuildDraft } from '../build/draft.ts';
import { timestamp } from '../build/timestamp.ts';
import { BuildStateError } from '../errors/buildstate-error.ts';
import { mapConcurrently } from '../lists/map-concurrently.ts';

import { findResume, type Look, type ResumeFindings } from '../resume/context.ts';
import type { Engine } from './engine.ts';
import type { SurroundedBuild } from './surroundings.ts';
import type { ArtifactInspector, CallContext } from './tracker.ts';

/** How the bytes of artifacts are proven: not at all, by a look at their size, by hashing them. */
export type Proof = 'false' | 'true' | 'deep';

/** How many artifacts are looked at side by side. */
const lookedAtTogether = 4;

/** Milliseconds after which the looking ends; what was not looked at until then counts as unverified. */
const longest = { true: 60_000, deep: 600_000 } as const;

/** What was seen of one artifact. */
export interface ProvenArtifact extends Look {
  /** UUID. */
  readonly artifactId: string;
  /** Its name. */
  readonly artifactName: string;
  /** The state that made it. */
  readonly stateCode: number;
}

/** What became of a proof. */
export interface ProvenResume {
  /** What was found. */
  readonly found: ResumeFindings;
  /** What was seen just now, by artifact id. */
  readonly looks: ReadonlyMap<string, Look>;
  /** The same for people, by state; empty when nothing was looked at. */
  readonly proof: readonly ProvenArtifact[];
}

interface Looking {
  readonly inspector: ArtifactInspector;
  readonly deep: boolean;
  readonly signal: AbortSignal;
}

const tooLate: Look = { status: 'unverified', problem: 'There was no time left to look at it' };

/** A look that ends when the time is up, whatever the storage does. Storage that cannot be asked proves nothing. */
async function lookAt(artifact: Artifact, { inspector, deep, signal }: Looking): Promise<Look> {
  if (signal.aborted) return tooLate;
  const timeUp = new Promise<Look>((resolve) => {
    signal.addEventListener('abort', () => resolve(tooLate), { once: true });
  });
  const look = inspector.inspect(artifact, { deep, signal }).catch((error: unknown): Look => {
    if (signal.aborted) return tooLate;
    if (!(error instanceof BuildStateError)) throw error;
    return { status: 'unverified', problem: error.message };
  });
  return Promise.race([look, timeUp]);
}

/** Does something with a signal that aborts when the time is up. */
async function within<T>(
  { clock }: Engine['parts'],
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
) {
  const timer = new AbortController();
  const done = new AbortController();
  clock.sleep(milliseconds, done.signal).then(
    () => timer.abort(),
    () => undefined,
  );
  try {
    return await work(timer.signal);
  } finally {
    done.abort();
  }
}

/**
 * Finds out where a build can go on, after a look at the bytes of every artifact that it would use. What turns
 * out bad sends it further back, where older versions may count that were not looked at yet.
 * @param from the state that somebody wants to go on with
 */
export async function proveResume(
  engine: Engine,
  loaded: SurroundedBuild,
  how: Proof,
  from?: number,
): Promise<ProvenResume> {
  const looks = new Map<string, Look>();
  const find = () => findResume(loaded.snapshot, loaded, timestamp(loaded.now), { looks, from });
  const { inspector } = engine.parts;
  if (how === 'false' || inspector === undefined) return { found: find(), looks, proof: [] };
  const seen: Artifact[] = [];
  const found = await within(engine.parts, longest[how], async (signal) => {
    const looking = { inspector, deep: how === 'deep', signal };
    for (;;) {
      const findings = find();
      const unseen = [...findings.artifacts, ...findings.bad].filter(({ id }) => !looks.has(id));
      if (unseen.length === 0) return findings;
      const news = await mapConcurrently(unseen, lookedAtTogether, (artifact) => lookAt(artifact, looking));
      unseen.forEach(({ id }, index) => {
        looks.set(id, news[index] ?? tooLate);
      });
      seen.push(...unseen);
    }
  });
  const proof = seen
    .map(({ id, artifactName, stateCode }) => ({
      artifactId: id,
      artifactName,
      stateCode,
      ...(looks.get(id) ?? tooLate),
    }))
    .sort((a, b) => a.stateCode - b.stateCode);
  const unproven = proof
    .filter(({ status }) => status === 'unverified')
    .map(
      ({ artifactName, problem }) => `"${artifactName}" is not proven: ${problem ?? 'nobody can look at it'}`,
    );
  const reasons = [...found.reasons, ...unproven.map((reason) => reason.replace(/\.?$/, '.'))];
  return { found: { ...found, reasons }, looks, proof };
}

/**
 * Notes what was seen in a draft that was made with all artifacts, so that nobody else starts from bytes that are gone
 * or damaged. Only news count.
 */
export function noteLooks(draft: BuildDraft, looks: ProvenResume['looks']): void {
  for (const { id, verificationStatus: known } of draft.loaded.artifacts) {
    const status = looks.get(id)?.status;
    if (status === undefined || status === known || status === 'unverified') continue;
    // That bytes known by their hash have the right size is no news, and no proof against an earlier finding.
    if (status === 'stored' && known !== 'missing' && known !== 'unverified') continue;
    decideVerification(draft, id, status);
  }
}

/** Records what was seen, for callers who may write: to others a look stays a look. */
export async function recordLooks(
  engine: Engine,
  buildId: string,
  looks: ProvenResume['looks'],
  { actor }: CallContext,
): Promise<void> {
  if (looks.size === 0 || !covers(actor.scopes, 'write')) return;
  const needs = () => ({ artifacts: 'all' }) as const;
  await engine.change(buildId, { actor }, { needs }, (draft) => noteLooks(draft, looks));
}
