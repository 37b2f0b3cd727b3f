import type { ArtifactTallyQuery, BuildTallyQuery } from '@buildstate/core';
import { expect, test } from 'vitest';
import { newId } from '../fixtures/ids.ts';
import { makeProject } from '../fixtures/project.ts';
import { makeArtifact } from '../fixtures/rows.ts';
import type { StoreBench } from './bench.ts';

const deletedAt = '2026-02-01T00:00:00.000Z';

/** Counts over all builds. */
export function tallyCases(bench: StoreBench): void {
  const builds = async (query: BuildTallyQuery) => new Set(await bench.store.tallyBuilds(query));
  const artifacts = async (query: ArtifactTallyQuery) => new Set(await bench.store.tallyArtifacts(query));

  test('counts builds by what tells them apart', async () => {
    const other = makeProject();
    await bench.store.saveProject(other, 0);
    const platformId = newId();
    await bench.create({ build: { status: 'running', currentState: 30, platformId } });
    await bench.create({ build: { status: 'running', currentState: 30 } });
    const last = await bench.create({ build: { status: 'failed', currentState: 30 } });
    const theirs = await bench.create({}, other);
    await bench.create({ build: { status: 'failed', deletedAt } });
    expect(await builds({ by: [] })).toEqual(new Set([{ count: 4 }]));
    expect(await builds({ by: ['status'] })).toEqual(
      new Set([
        { status: 'running', count: 2 },
        { status: 'failed', count: 1 },
        { status: 'pending', count: 1 },
      ]),
    );
    expect(await builds({ by: ['currentState', 'status'], projectId: bench.project.id })).toEqual(
      new Set([
        { currentState: 30, status: 'running', count: 2 },
        { currentState: 30, status: 'failed', count: 1 },
      ]),
    );
    expect(await builds({ by: ['platformId'] })).toEqual(
      new Set([
        { platformId, count: 1 },
        { platformId: null, count: 3 },
      ]),
    );
    expect(await builds({ by: ['projectId'], since: last.build.createdAt })).toEqual(
      new Set([
        { projectId: bench.project.id, count: 1 },
        { projectId: other.id, count: 1 },
      ]),
    );
    expect(await builds({ by: [], until: theirs.build.createdAt, platformId })).toEqual(
      new Set([{ count: 1 }]),
    );
    expect(await builds({ by: ['status'], projectId: newId() })).toEqual(new Set());
    expect(await builds({ by: [], projectId: newId() })).toEqual(new Set());
  });

  test('counts builds by what is left of their history, and by when they ended', async () => {
    const ended = (endTime: string, history: 'full' | 'snapshots') => ({
      build: { status: 'completed' as const, endTime, history },
    });
    await bench.create();
    await bench.create(ended('2026-01-01T00:00:00.000Z', 'snapshots'));
    await bench.create(ended('2026-02-01T00:00:00.000Z', 'snapshots'));
    await bench.create(ended('2026-02-02T00:00:00.000Z', 'full'));
    expect(await builds({ by: ['history'], endedSince: '2026-02-01T00:00:00.000Z' })).toEqual(
      new Set([
        { history: 'snapshots', count: 1 },
        { history: 'full', count: 1 },
      ]),
    );
  });

  test('counts a build as it is now', async () => {
    const head = await bench.create();
    const running = await bench.commit(head, { build: { status: 'running', currentState: 5 } });
    expect(await builds({ by: ['status'] })).toEqual(new Set([{ status: 'running', count: 1 }]));
    await bench.commit(running, { build: { deletedAt } });
    expect(await builds({ by: ['status'] })).toEqual(new Set());
  });

  test('counts artifacts and their bytes, superseded ones too', async () => {
    const other = makeProject();
    await bench.store.saveProject(other, 0);
    const ours = await bench.create();
    const theirs = await bench.create({}, other);
    const gone = await bench.create();
    const large = 2 ** 50;
    await bench.commit(ours, {
      artifacts: [
        makeArtifact(ours.build.id, { sizeBytes: large, supersededBy: newId() }),
        makeArtifact(ours.build.id, { sizeBytes: large }),
        makeArtifact(ours.build.id, { sizeBytes: null }),
        makeArtifact(ours.build.id, { sizeBytes: 1, storageBackend: 'local', artifactType: 'log' }),
        makeArtifact(ours.build.id, { sizeBytes: 1000, deletedAt }),
      ],
    });
    await bench.commit(theirs, {
      artifacts: [makeArtifact(theirs.build.id, { sizeBytes: 7, artifactType: 'log' })],
    });
    const removed = await bench.commit(gone, { artifacts: [makeArtifact(gone.build.id)] });
    await bench.commit(removed, { build: { deletedAt } });
    expect(await artifacts({ by: [] })).toEqual(new Set([{ count: 5, bytes: 2 * large + 8, unsized: 1 }]));
    expect(await artifacts({ by: ['storageBackend', 'artifactType'] })).toEqual(
      new Set([
        { storageBackend: 's3', artifactType: 'disk_image', count: 3, bytes: 2 * large, unsized: 1 },
        { storageBackend: 'local', artifactType: 'log', count: 1, bytes: 1, unsized: 0 },
        { storageBackend: 's3', artifactType: 'log', count: 1, bytes: 7, unsized: 0 },
      ]),
    );
    expect(await artifacts({ by: ['artifactType'], projectId: other.id })).toEqual(
      new Set([{ artifactType: 'log', count: 1, bytes: 7, unsized: 0 }]),
    );
    expect(await artifacts({ by: [], projectId: newId() })).toEqual(new Set());
  });
}
