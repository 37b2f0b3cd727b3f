import type { ReferenceKind, StateStore } from '@buildstate/core';
import { shownName } from '@buildstate/core/light';
import { nameOf, type StoreRecord } from './record.ts';
import { comparableText } from './wire-form.ts';

/** What became of a record that was put into a store. Nothing that is there is ever changed. */
export type PutOutcome =
  /** It was not there, and is now. */
  | { readonly put: 'written' }
  /** It was there, exactly like this. */
  | { readonly put: 'identical' }
  /** Something else is in its place. */
  | { readonly put: 'conflict'; readonly reason: string };

const written: PutOutcome = { put: 'written' };

function inTheWay(record: StoreRecord, there: StoreRecord): PutOutcome {
  if (comparableText(record) === comparableText(there)) return { put: 'identical' };
  return { put: 'conflict', reason: `${nameOf(record)}: ${nameOf(there)} is there, and differs` };
}

/** Where a record belongs: enough to find what a store has there. */
export type RecordPlace =
  | { readonly type: 'project' | 'token' | 'actor' | 'build'; readonly id: string; readonly name: string }
  | { readonly type: 'reference'; readonly kind: ReferenceKind; readonly id: string; readonly name: string };

/** Where a record belongs. */
export function placeOf(record: StoreRecord): RecordPlace {
  switch (record.type) {
    case 'project':
      return { type: record.type, id: record.project.id, name: record.project.name };
    case 'token':
      return { type: record.type, id: record.token.id, name: record.token.name };
    case 'actor':
      return { type: record.type, id: record.actor.id, name: shownName(record.actor) };
    case 'reference':
      return { type: record.type, kind: record.kind, id: record.reference.id, name: record.reference.name };
    case 'build': {
      const { id, project, buildNumber } = record.build.head.build;
      return { type: record.type, id, name: `${project}:${buildNumber}` };
    }
  }
}

/** The record that a store has in a place: with its id, or with its name. */
export async function recordAt(store: StateStore, place: RecordPlace): Promise<StoreRecord | undefined> {
  const { id, name } = place;
  switch (place.type) {
    case 'project': {
      const project = (await store.loadProject({ id })) ?? (await store.loadProject({ name }));
      return project && { type: 'project', project };
    }
    case 'reference': {
      const { kind } = place;
      const reference =
        (await store.loadReference(kind, { id })) ?? (await store.loadReference(kind, { name }));
      return reference && { type: 'reference', kind, reference };
    }
    case 'token': {
      const token = await store.loadToken(id);
      return token && { type: 'token', token };
    }
    case 'actor': {
      const [actor] = await store.loadActors([id]);
      return actor && { type: 'actor', actor };
    }
    case 'build': {
      const build = await store.loadWholeBuild(id);
      return build && { type: 'build', build };
    }
  }
}

async function write(store: StateStore, record: StoreRecord): Promise<StoreRecord | undefined> {
  switch (record.type) {
    case 'project':
      return (await store.saveProject(record.project, 0)) ? undefined : recordAt(store, placeOf(record));
    case 'reference':
      return (await store.saveReference(record.kind, record.reference))
        ? undefined
        : recordAt(store, placeOf(record));
    case 'token':
      await store.saveToken(record.token);
      return undefined;
    case 'actor':
      return (await store.addActor(record.actor)) ? undefined : recordAt(store, placeOf(record));
    case 'build': {
      const { existing } = await store.restoreBuild(record.build);
      const build = existing === undefined ? undefined : await store.loadWholeBuild(existing);
      return build && { type: 'build', build };
    }
  }
}

/** Puts a record into a store if there is nothing in its place. Doing so again changes nothing. */
export async function putRecord(store: StateStore, record: StoreRecord): Promise<PutOutcome> {
  // A build is written under a guard; the others are looked at first, because saving would replace them.
  const there = record.type === 'build' ? undefined : await recordAt(store, placeOf(record));
  if (there !== undefined) return inTheWay(record, there);
  const other = await write(store, record);
  return other === undefined ? written : inTheWay(record, other);
}
