import {
  makeArtifact,
  makeAttempt,
  makeChange,
  makeCreation,
  makeEvent,
  makeJob,
  makeLease,
  makeProject,
  makeReference,
  makeResumeRequest,
  makeToken,
  makeVariable,
  newId,
} from '@buildstate/conformance';
import type { BuildHead, JsonObject, Project, StateStore } from '@buildstate/core';
import fc from 'fast-check';

/** What the commands of one run share: ids from small sets, so that they meet often. */
export interface World {
  readonly project: Project;
  readonly ids: readonly string[];
  readonly eventIds: readonly string[];
  /** Heads that were seen, oldest first, by build. */
  readonly seen: Map<string, BuildHead[]>;
}

/** Something that is done to every store alike. Prepared once, so that all get the same records. */
export type Action = (store: StateStore) => Promise<unknown>;
/** Prepares an action; may look at the world, which the stores agree on. */
export type Command = (world: World) => Action;

/** The first two builds of a world, so that there is something to work on from the start. */
export const firstBuilds: readonly Command[] = [0, 1].map((id) => (world) => {
  const build = { id: world.ids[id] ?? '', buildNumber: `number-${id}` };
  const change = makeCreation(world.project, { build });
  return (store) => store.createBuild(change);
});

/** A world without builds. */
export function newWorld(): World {
  return {
    project: makeProject(),
    ids: Array.from({ length: 4 }, newId),
    eventIds: Array.from({ length: 5 }, newId),
    seen: new Map(),
  };
}

const few = fc.nat(3);

const create = fc.tuple(few, few, fc.boolean()).map(
  ([id, number, large]): Command =>
    ({ ids, project }) => {
      const metadata: JsonObject = large ? { text: 'x'.repeat(300) } : {};
      const platformId = large ? (ids[number] ?? null) : null;
      const build = { id: ids[id] ?? '', buildNumber: `number-${number}`, metadata, platformId };
      const change = makeCreation(project, { build });
      return (store) => store.createBuild(change);
    },
);

const rowsOf = (buildId: string, world: World, pick: number) => {
  const key = { variableKey: `key-${pick % 3}`, variableValue: `${pick}` };
  const earlier = world.ids[pick % 4] ?? '';
  const deletedAt = pick % 2 === 0 ? '2026-05-01T00:00:00.000Z' : null;
  const state = 5 * (pick % 5);
  // An artifact's parents never change: they follow from the ids of the artifact and its build.
  const kin = { parents: world.ids.filter((id) => id < earlier || id < buildId).slice(0, 2) };
  const look = {
    artifactName: `Image-${pick % 3}`,
    artifactType: ['ami', 'log'][pick % 2] ?? 'ami',
    checksum: pick % 4 === 0 ? null : `${pick % 4}`.repeat(64),
    sizeBytes: pick % 4 === 0 ? null : 1000 * pick,
    pinnedAt: pick % 5 === 0 ? '2026-05-01T00:00:00.000Z' : null,
    storageBackend: ['s3', 'local'][pick % 2] ?? 's3',
  };
  const first = '2026-01-01T00:00:00.000Z';
  return [
    { attempts: [makeAttempt(buildId, { state, message: 'm'.repeat(20 * pick), component: `${pick % 2}` })] },
    { attempts: [makeAttempt(buildId, { id: earlier, createdAt: first, state, status: 'failed' })] },
    { artifacts: [makeArtifact(buildId, { ...kin, id: earlier, stateCode: state, deletedAt, ...look })] },
    { variables: [makeVariable(buildId, { ...key, id: earlier, deletedAt })] },
    { resumeRequests: [makeResumeRequest(buildId, { id: `${earlier.slice(0, -12)}${buildId.slice(-12)}` })] },
    { jobs: [makeJob(buildId)], events: [] },
    { events: [makeEvent('state.started', { pick }), makeEvent('state.completed')] },
  ][pick % 7];
};

const commit = fc
  .record({ id: few, back: fc.nat(2), pick: fc.nat(60), event: fc.option(fc.nat(4)), lease: fc.nat(4) })
  .map(
    ({ id, back, pick, event, lease }): Command =>
      (world) => {
        const heads = world.seen.get(world.ids[id] ?? '') ?? [];
        const head = heads.at(-1 - (back === 2 ? 1 : 0));
        if (head === undefined) return async () => 'no such build';
        const { version } = head.build;
        const eventId = event === null ? undefined : world.eventIds[event];
        const token = (head.lease?.token ?? 0) + 1;
        const guard = { version, lease: { token: token - 1, renewals: head.lease?.renewals ?? 0 } };
        const deletedAt = pick === 60 ? '2026-05-01T00:00:00.000Z' : null;
        const change = makeChange(head, {
          ...rowsOf(head.build.id, world, pick),
          build: { currentState: pick, status: pick % 2 === 0 ? 'running' : 'failed', deletedAt },
          expected: lease === 1 ? guard : { version },
          head: lease === 1 || lease === 2 ? { lease: makeLease({ token }) } : {},
          // A report counts once: a second one with the same id is the tracker's to refuse.
          report:
            eventId === undefined || pick > 50
              ? undefined
              : { eventId: `${eventId.slice(0, -6)}${String(version).padStart(6, '0')}`, answer: pick },
        });
        return (store) => store.commitBuild(change);
      },
  );

const renew = fc.tuple(few, fc.nat(3)).map(
  ([id, token]): Command =>
    ({ ids }) =>
    (store) =>
      store.renewLease(ids[id] ?? '', token),
);

const reference = fc.tuple(few, few, fc.boolean()).map(
  ([id, name, gone]): Command =>
    ({ ids }) => {
      const deactivatedAt = gone ? '2026-05-01T00:00:00.000Z' : null;
      const entry = makeReference({ id: ids[id] ?? '', name: `name-${name}`, deactivatedAt });
      return (store) => store.saveReference('platforms', entry);
    },
);

const project = fc.tuple(few, few, fc.nat(2)).map(
  ([id, name, expected]): Command =>
    ({ ids }) => {
      const record = makeProject({ id: ids[id] ?? '', name: `name-${name}`, revision: expected + 1 });
      return (store) => store.saveProject(record, expected);
    },
);

const token = fc.tuple(few, fc.boolean()).map(
  ([id, touch]): Command =>
    ({ ids }) => {
      const record = makeToken({ id: ids[id] ?? '' });
      return touch
        ? (store) => store.touchToken(record.id, record.createdAt)
        : (store) => store.saveToken(record);
    },
);

/** Random commands; commits most often. */
export const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: create },
    { weight: 12, arbitrary: commit },
    { weight: 2, arbitrary: renew },
    { weight: 2, arbitrary: reference },
    { weight: 1, arbitrary: project },
    { weight: 1, arbitrary: token },
  ),
  { minLength: 1, maxLength: 80, size: 'max' },
);
