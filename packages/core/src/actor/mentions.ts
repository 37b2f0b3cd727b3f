import type { StateStore } from '../ports/state-store.ts';
import { namesOnWire } from '../wire/casing.ts';

/** A place in a store whose text holds a name. */
export interface Mention {
  /** Where it is: `build linux:42`, `key 0123…`, `project linux`. */
  readonly record: string;
  /** The field in it, with dots and indices: `attempts.3.message`. */
  readonly field: string;
}

/** What a search found. */
export interface Mentions {
  /** The first ones. */
  readonly found: readonly Mention[];
  /** How many there are. */
  readonly count: number;
}

/** Mentions that are told of at most. */
const mostTold = 200;
const pageSize = 200;

function* fieldsWith(value: unknown, text: string, path: string): Generator<string> {
  if (typeof value === 'string') {
    if (value.includes(text)) yield path;
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const own = Array.isArray(value) ? name : namesOnWire(name).name;
    // What users call their fields may be a name, too.
    if (!Array.isArray(value) && name.includes(text)) yield path === '' ? own : `${path}.${own}`;
    yield* fieldsWith(member, text, path === '' ? own : `${path}.${own}`);
  }
}

async function* records(store: StateStore): AsyncGenerator<readonly [record: string, content: unknown]> {
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const page = await store.listProjects({ limit: pageSize, cursor, includeDeactivated: true });
    for (const project of page.items) yield [`project ${project.name}`, project];
    cursor = page.next;
  }
  for (const token of await store.listTokens()) yield [`key ${token.id}`, token];
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const page = await store.listBuildIds({ limit: pageSize, cursor });
    for (const id of page.items) {
      const whole = await store.loadWholeBuild(id);
      const build = whole?.head.build;
      if (build !== undefined) yield [`build ${build.project}:${build.buildNumber}`, whole];
    }
    cursor = page.next;
  }
}

/**
 * Where texts hold a name: what users wrote, and what was recorded before ids stood for names. Reads the whole store;
 * sealed values cannot be looked into.
 */
export async function findMentions(store: StateStore, name: string, signal?: AbortSignal): Promise<Mentions> {
  const found: Mention[] = [];
  let count = 0;
  for await (const [record, content] of records(store)) {
    signal?.throwIfAborted();
    for (const field of fieldsWith(content, name, '')) {
      count += 1;
      if (found.length < mostTold) found.push({ record, field });
    }
  }
  return { found, count };
}
