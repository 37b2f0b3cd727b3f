import type {
  BuildChange,
  BuildHead,
  LoadedBuild,
  LoadNeeds,
  Project,
  StateStore,
  StoreCapabilities,
} from '@buildstate/core';
import { afterEach, beforeEach } from 'vitest';
import { type ChangeParts, makeChange, makeCreation } from '../fixtures/change.ts';
import { makeProject } from '../fixtures/project.ts';

/** An empty place for a store: a folder, a database, a bucket. */
export interface StorePlace {
  /** A new store over this place, not opened yet. Called several times when the store can be shared. */
  connect(): StateStore | Promise<StateStore>;
  /** Removes the place and all that is in it. All stores over it are closed. */
  remove(): Promise<void>;
}

/** What a store under test says of itself, and how hard the suite tries. */
export interface StoreTraits {
  /** What the store must declare. Decides which cases apply: two instances, reopening. */
  readonly capabilities: StoreCapabilities;
  /** Commits to one build after which its first report must still be known. @default 300 */
  readonly commits?: number;
}

/** The stores and the project of the running test. */
export interface StoreBench {
  readonly traits: StoreTraits;
  /** An open store over a place that was empty before this test. */
  readonly store: StateStore;
  /** A project that is in the store. */
  readonly project: Project;
  /** Another open store over the same place; the same one where stores cannot be shared. */
  another(): Promise<StateStore>;
  /** Closes every store. */
  close(): Promise<void>;
  /** Closes every store and opens a new one over the same place. */
  reopen(): Promise<StateStore>;
  /** Creates a build and answers its head. */
  create(parts?: ChangeParts, project?: Project): Promise<BuildHead>;
  /** Loads a build that must be there. */
  load(id: string, needs?: LoadNeeds): Promise<LoadedBuild>;
  /**
   * Makes and commits the next change of a build; it must be applied. Answers the new head.
   * @param store which store commits. @default the first
   */
  commit(head: BuildHead, parts?: ChangeParts, store?: StateStore): Promise<BuildHead>;
}

/** A test could not be set up: the store refused what it must accept. */
export class BenchError extends Error {}

/** The head of a build that must be there. */
export async function loadHead(store: StateStore, id: string): Promise<BuildHead> {
  const loaded = await store.loadBuild(id);
  if (loaded === undefined) throw new BenchError(`build ${id} is not there`);
  return loaded.snapshot;
}

/** Registers the hooks that give every test of the surrounding `describe` an empty place with a project. */
export function storeBench(openPlace: () => Promise<StorePlace>, traits: StoreTraits): StoreBench {
  let place: StorePlace | undefined;
  let opened: StateStore[] = [];
  let project: Project;

  async function connect(): Promise<StateStore> {
    if (place === undefined) throw new BenchError('the place is not open');
    const store = await place.connect();
    await store.open();
    opened.push(store);
    return store;
  }

  async function closeAll(): Promise<void> {
    const stores = opened;
    opened = [];
    await Promise.all(stores.map((store) => store.close()));
  }

  beforeEach(async () => {
    place = await openPlace();
    project = makeProject();
    const store = await connect();
    if (!(await store.saveProject(project, 0))) throw new BenchError('the project was not saved');
  });
  afterEach(async () => {
    await closeAll();
    await place?.remove();
    place = undefined;
  });

  const bench: StoreBench = {
    traits,
    get store() {
      const [store] = opened;
      if (store === undefined) throw new BenchError('no store is open');
      return store;
    },
    get project() {
      return project;
    },
    close: closeAll,
    another: async () => (traits.capabilities.shared ? connect() : bench.store),
    async reopen() {
      await closeAll();
      return connect();
    },
    async create(parts, owner = project) {
      const change = makeCreation(owner, parts);
      await mustCreate(bench.store, change);
      return change.head;
    },
    async load(id, needs) {
      const loaded = await bench.store.loadBuild(id, needs);
      if (loaded === undefined) throw new BenchError(`build ${id} is not there`);
      return loaded;
    },
    async commit(head, parts, store = bench.store) {
      const change = makeChange(head, parts);
      if ((await store.commitBuild(change)) !== 'applied') throw new BenchError('unexpected conflict');
      return change.head;
    },
  };
  return bench;
}

async function mustCreate(store: StateStore, change: BuildChange): Promise<void> {
  const { existing } = await store.createBuild(change);
  if (existing !== undefined) throw new BenchError(`build ${existing} is in the way`);
}
