import {
  type BuildEvent,
  createTracker,
  type DueCut,
  dueCuts,
  type OperationName,
  type RawInput,
  type RetentionParts,
  type StateStore,
  storeDuties,
} from '@buildstate/core';
import { createIds, createNodeCrypto, loadKeyRing } from '@buildstate/node-runtime';
import { type ManualClock, manualClock } from '@buildstate/tooling/manual-clock';
import { checkWholeBuild } from '../../src/moving/check-build.ts';

const day = 86_400_000;
const keyRing = await loadKeyRing({
  single: '0123456789abcdeffedcba98765432100f1e2d3c4b5a69788796a5b4c3d2e1f0',
});

/** A store, a tracker over it, and its retention, all of whose time a test decides. */
export interface World {
  readonly store: StateStore;
  readonly clock: ManualClock;
  readonly parts: RetentionParts;
  /** Lets days pass. */
  pass(days: number): Promise<void>;
  call<K extends OperationName>(name: K, input: RawInput): Promise<unknown>;
  /** Makes a build, and answers its id. */
  build(fields?: object): Promise<string>;
  /** Reports a state of it. */
  report(id: string, body: object): Promise<unknown>;
  /** Does what the duty does. */
  retain(signal?: AbortSignal): Promise<string | undefined>;
  /** What is due. */
  due(): Promise<DueCut[]>;
  /** How much of a build's history is there, and what is wrong with it. */
  look(
    id: string,
  ): Promise<{ history: string; problems: string[]; events: readonly BuildEvent[]; attempts: number }>;
}

/** @param open makes an empty store whose time is the clock's */
export async function newWorld(open: (clock: ManualClock) => Promise<StateStore>): Promise<World> {
  const clock = manualClock();
  await clock.advance(Date.parse('2026-01-05T12:00:00.000Z') - clock.now());
  const store = await open(clock);
  const ids = createIds();
  const crypto = createNodeCrypto(keyRing);
  const parts = { store, clock, ids, crypto, retention: { fullHistoryDays: 30, snapshotDays: 365 } };
  const tracker = createTracker({ store, clock, ids, crypto });
  const actor = { id: 'tester', scopes: ['read', 'write', 'admin'], projectId: null } as const;
  const world: World = {
    ...{ store, clock, parts },
    pass: (days) => clock.advance(days * day),
    async call(name, input) {
      return (await tracker.perform(name, input, { actor })).body;
    },
    async build(fields = {}) {
      const made = await world.call('createBuild', { body: { project: 'linux', ...fields } });
      return (made as { id: string }).id;
    },
    report: (build_id, body) => world.call('recordState', { params: { build_id }, body }),
    async retain(signal = new AbortController().signal) {
      return storeDuties(parts)
        .find(({ name }) => name === 'retention')
        ?.run(signal);
    },
    async due() {
      const found: DueCut[] = [];
      for await (const cut of dueCuts(parts, clock.now())) found.push(cut);
      return found;
    },
    async look(id) {
      const whole = await store.loadWholeBuild(id);
      if (whole === undefined) throw new Error(`build ${id} is not there`);
      const problems = [...checkWholeBuild(whole, { keyRing })];
      const { head, events, attempts } = whole;
      return { history: head.build.history, problems, events, attempts: attempts.length };
    },
  };
  return world;
}
