import type { BuildSnapshot, ChainHead } from '../build/snapshot.ts';
import { ValidationError } from '../errors/validation-error.ts';
import type { ChainBreak } from '../event/chain.ts';
import { ChainCheck } from '../event/chain-check.ts';
import { matchesEvent } from '../event/matches-event.ts';
import { noPosition, streamStart } from '../event/position.ts';
import type { FollowedOperation, Following } from '../feed/following.ts';
import { type FollowedEvent, streamedBody } from '../feed/sources.ts';
import { streamOf } from '../feed/stream-of.ts';
import type { EventStream, StreamPart, StreamQuery } from '../ports/event-stream.ts';
import type { StateStore } from '../ports/state-store.ts';
import type { CheckedInput } from '../wire/contract.ts';
import type { Engine } from './engine.ts';
import { type Handlers, pageOf } from './handler.ts';
import { scopeOfSearch } from './scope-of-search.ts';
import type { CallContext } from './tracker.ts';

type Query<K extends FollowedOperation> = CheckedInput<K>['query'];
type Conditions = Pick<StreamQuery, 'projectId' | 'buildId' | 'types' | 'since'>;

/** What a question about the events of all builds is narrowed to. @throws NotFoundError */
async function conditionsOf(
  engine: Engine,
  query: Query<'listAllEvents'>,
  context: CallContext,
): Promise<Conditions> {
  const { projectId } = await scopeOfSearch(engine, { projectId: query.projectId }, context);
  const { buildId: ref, type: types, since } = query;
  const loaded = ref === undefined ? undefined : await engine.load(ref, context);
  return { projectId, buildId: loaded?.snapshot.build.id, types, since };
}

const gone =
  'is not a place in this stream any more: the store was put back to an earlier time, or is another one. ' +
  'Begin with `since`, or with 0 for all there is';

/** @throws ValidationError when the store does not have the event that a position names */
async function checkPosition(stream: EventStream, position: string): Promise<void> {
  if (!(await stream.hasPosition(position))) throw noPosition('after', gone);
}

/** Says of what is wrong with a position in which field it came. */
async function inField<T>(field: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const problem = error instanceof ValidationError ? error.problems[0] : undefined;
    throw problem === undefined ? error : noPosition(field, problem.message);
  }
}

/** Events that are skipped at a time. */
const skippedAtOnce = 1000;

/** Where a list begins that leaves out some entries at its start; `end` when there are no others. */
async function behindSkipped(
  from: string | undefined,
  skip: number,
  read: (after: string | undefined, most: number) => Promise<StreamPart>,
): Promise<{ readonly after: string | undefined } | 'end'> {
  let after = from;
  for (let left = skip; left > 0; ) {
    const { items, next } = await read(after, Math.min(left, skippedAtOnce));
    if (next === undefined) return 'end';
    left -= items.length;
    after = next;
  }
  return { after };
}

/** The end of a chain that was written down as `seq:hash`. */
function headOf(text: string): ChainHead {
  const [seq, hash = ''] = text.split(':');
  return { seq: Number(seq), hash };
}

/** Events that are checked at a time. */
const checkedAtOnce = 1000;

/** The first event of a build that is not right, up to the end that the build had when it was loaded. */
async function firstBreak(
  store: Pick<StateStore, 'listEvents'>,
  { build, chain }: BuildSnapshot,
  check: ChainCheck,
): Promise<ChainBreak | undefined> {
  while (check.last.seq < chain.seq) {
    const limit = Math.min(checkedAtOnce, chain.seq - check.last.seq);
    const { items } = await store.listEvents(build.id, { limit, afterSeq: check.last.seq });
    if (items.length === 0) return undefined;
    for (const event of items) {
      const found = check.next(event);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Lists of events. */
export function eventHandlers(engine: Engine): Handlers<FollowedOperation | 'verifyEvents'> {
  const { store } = engine.parts;
  return {
    async listEvents({ params, query }, context) {
      const { snapshot } = await engine.load(params.buildId, context);
      const afterSeq = query.lastEventId ?? query.afterSeq;
      const { items, next } = await store.listEvents(snapshot.build.id, { ...pageOf(query), afterSeq });
      return { body: items, next };
    },
    async verifyEvents({ params, query }, context) {
      const { snapshot } = await engine.load(params.buildId, context);
      const { build, chain } = snapshot;
      const { crypto } = engine.parts;
      const { unsignedBefore } = query;
      const check = new ChainCheck(crypto, {
        keys: crypto.keys,
        unsignedBefore,
        known: query.known === undefined ? undefined : headOf(query.known),
      });
      const problem = (await firstBreak(store, snapshot, check)) ?? check.end(chain) ?? null;
      const { seq, hash } = check.last;
      const { count: events, signedSeq } = check;
      const { id: buildId, buildNumber, project } = build;
      const end = `${seq}:${hash}`;
      return { body: { buildId, buildNumber, project, events, hash, end, signedSeq, problem } };
    },
    async listAllEvents({ query }, context) {
      const stream = streamOf(store);
      const conditions = await conditionsOf(engine, query, context);
      const from = query.lastEventId ?? query.after;
      if (from !== undefined) await checkPosition(stream, from);
      const order = from === undefined ? 'newest' : 'oldest';
      const { limit, cursor, skip = 0 } = pageOf(query);
      const read = (after: string | undefined, most: number) =>
        stream.readStream({ ...conditions, order, after, limit: most });
      const start = await behindSkipped(cursor ?? from, skip, read);
      if (start === 'end') return { body: [] };
      const { items, next } = await inField('cursor', () => read(start.after, limit));
      return { body: items.map(streamedBody), next };
    },
  };
}

/** Follows the events of one build, from the first unless told otherwise. */
export async function followBuild(
  engine: Engine,
  { params, query }: CheckedInput<'listEvents'>,
  context: CallContext,
  signal: AbortSignal,
): Promise<Following> {
  const { snapshot } = await engine.load(params.buildId, context);
  const after = query.lastEventId ?? query.afterSeq ?? 0;
  const { seq } = snapshot.chain;
  if (after > seq)
    throw noPosition('after_seq', `is ${after}, and the build has ${seq} events; begin with 0`);
  return engine.feeds.follow({ buildId: snapshot.build.id, after: String(after), signal });
}

/** The position before the first event that meets conditions; `undefined` when there is none yet. */
async function before(stream: EventStream, conditions: Conditions): Promise<string | undefined> {
  let after: string | undefined;
  for (;;) {
    const { items, next } = await stream.readStream({ ...conditions, order: 'oldest', after, limit: 1 });
    const [first] = items;
    if (first !== undefined) {
      const { items: earlier } = await stream.readStream({
        order: 'newest',
        after: first.position,
        limit: 1,
      });
      return earlier[0]?.position ?? streamStart;
    }
    if (next === undefined) return undefined;
    after = next;
  }
}

/** Follows the events of all builds: from a position, from a time, or from now on. */
export async function followAll(
  engine: Engine,
  { query }: CheckedInput<'listAllEvents'>,
  context: CallContext,
  signal: AbortSignal,
): Promise<Following> {
  const stream = streamOf(engine.parts.store);
  const conditions = await conditionsOf(engine, query, context);
  const asked = query.lastEventId ?? query.after ?? query.cursor;
  if (asked !== undefined) await checkPosition(stream, asked);
  const after = asked ?? (query.since === undefined ? undefined : await before(stream, conditions));
  const all = Object.values(conditions).every((condition) => condition === undefined);
  const wants = all ? undefined : ({ found }: FollowedEvent) => meets(found, conditions);
  return engine.feeds.follow({ after, wants, signal });
}

function meets({ event, build }: FollowedEvent['found'], conditions: Conditions): boolean {
  return build !== undefined && matchesEvent({ event, build }, conditions);
}
