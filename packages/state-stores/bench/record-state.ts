import { randomBytes, randomUUID } from 'node:crypto';
import { type BuildChange, checkInput, createTracker, type StateStore } from '@buildstate/core';
import { createIds, createNodeCrypto, loadKeyRing, systemClock } from '@buildstate/node-runtime';
import { createMemoryStore } from '@buildstate/state-stores/memory';

/**
 * What the engine itself costs: transitions over a store in memory, beside what that store takes for the same loads and
 * commits, and beside the check of the same input. Trust the ratio. Run:
 * node --conditions=@buildstate/source bench/record-state.ts
 */
const rounds = 5;
const builds = 60;
const states = Array.from({ length: 20 }, (_, index) => (index + 1) * 5 - 1);
const actor = { id: 'bench', scopes: ['read', 'write', 'admin'], projectId: null } as const;

/** What a store was asked to write. */
interface Written {
  readonly creations: BuildChange[];
  readonly commits: BuildChange[];
}

/** A store that notes what is written to it. */
function noting(store: StateStore, { creations, commits }: Written): StateStore {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        if (name === 'createBuild') creations.push(args[0] as BuildChange);
        if (name === 'commitBuild') commits.push(args[0] as BuildChange);
        return member.apply(target, args);
      };
    },
  });
}

function bodyOf(state: number) {
  return {
    state,
    status: 'completed',
    message: 'All packages are in place, and nothing else had to be done about it.',
    event_id: randomUUID(),
    reported_by: 'jenkins #17',
    metadata: { host: 'builder-7', packages: ['kernel', 'openssl', 'curl'] },
  };
}

/** One round through the engine: milliseconds per transition, and what it wrote. */
async function throughEngine() {
  const written: Written = { creations: [], commits: [] };
  const store = createMemoryStore();
  const crypto = createNodeCrypto(await loadKeyRing({ single: randomBytes(32).toString('hex') }));
  const tracker = createTracker({
    store: noting(store, written),
    clock: systemClock,
    ids: createIds(),
    crypto,
  });
  const ids: string[] = [];
  for (let build = 0; build < builds; build++) {
    const { body } = await tracker.perform('createBuild', { body: { project: 'bench' } }, { actor });
    ids.push(body.id);
  }
  const before = performance.now();
  for (const build_id of ids) {
    for (const state of states) {
      await tracker.perform('recordState', { params: { build_id }, body: bodyOf(state) }, { actor });
    }
  }
  const each = (performance.now() - before) / written.commits.length;
  return { each, written, project: await store.loadProject({ name: 'bench' }) };
}

type Round = Awaited<ReturnType<typeof throughEngine>>;

/** Milliseconds that a store in memory takes by itself for each load and commit of a round. */
async function byStore({ written, project }: Round): Promise<number> {
  const store = createMemoryStore();
  if (project !== undefined) await store.saveProject({ ...project, revision: 1 }, 0);
  for (const change of written.creations) await store.createBuild(change);
  const before = performance.now();
  for (const change of written.commits) {
    await store.loadBuild(change.head.build.id, { eventId: randomUUID() });
    await store.commitBuild(change);
  }
  return (performance.now() - before) / written.commits.length;
}

/** Milliseconds for the check of one input. */
function byCheck(): number {
  const params = { build_id: 'bench:1' };
  const before = performance.now();
  for (let build = 0; build < builds; build++) {
    for (const state of states) checkInput('recordState', { params, body: bodyOf(state) });
  }
  return (performance.now() - before) / (builds * states.length);
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const micros = (milliseconds: number) => `${(milliseconds * 1000).toFixed(0)} µs`;

const times = { engine: [] as number[], store: [] as number[], check: [] as number[] };
await throughEngine();
for (let round = 0; round < rounds; round++) {
  const played = await throughEngine();
  times.engine.push(played.each);
  times.store.push(await byStore(played));
  times.check.push(byCheck());
}
console.log(`a transition through the engine, over memory   ${micros(median(times.engine))}`);
console.log(`the same load and commit by the store alone    ${micros(median(times.store))}`);
console.log(`the check of the same input alone              ${micros(median(times.check))}`);
console.log(
  `ratio of the whole to the store alone          ${(median(times.engine) / median(times.store)).toFixed(2)}`,
);
