import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

/** Searching artifacts, and what they were made from. */
export function lineageCases(bench: DoorBench): void {
  const register = (buildId: string, artifactName: string, more: object = {}) =>
    bench.call('registerArtifact', {
      params: { buildId },
      body: {
        stateCode: 10,
        artifactName,
        artifactType: 'disk_image',
        artifactPath: `s3://b/${artifactName}`,
        storageBackend: 's3',
        ...more,
      },
    });
  const lineage = (buildId: string, artifactId: string, query = {}) =>
    bench.call('getLineage', { params: { buildId, artifactId }, query });

  it('finds who has some bytes, however the digest is written', async () => {
    const project = await bench.newProject();
    const [one, two] = [await bench.newBuild({ project }), await bench.newBuild({ project })];
    const digest = randomUUID().replaceAll('-', '').repeat(2);
    const first = await register(one, 'a', { checksum: digest });
    const second = await register(two, 'b', { checksum: `sha256:${digest}` });
    const md5 = randomUUID().replaceAll('-', '');
    const third = await register(two, 'c', { checksum: `md5:${md5}` });
    const ids = async (query: object) => (await bench.call('searchArtifacts', { query })).map(({ id }) => id);
    for (const checksum of [digest, `sha256:${digest}`, digest.toUpperCase()])
      expect(await ids({ checksum })).toEqual([second.id, first.id]);
    for (const checksum of [md5, `md5:${md5}`]) expect(await ids({ checksum })).toEqual([third.id]);
    await bench.refused('validation_failed', () => ids({ checksum: 'abc' }));
    const [found] = await bench.call('searchArtifacts', { query: { checksum: digest, limit: '1' } });
    const { warnings: _, ...record } = second;
    expect(found).toMatchObject({ ...record, project, buildNumber: expect.any(String) });
  });

  it('searches by text, project, type and flags, newest first and page by page', async () => {
    const project = await bench.newProject();
    const buildId = await bench.newBuild({ project });
    const other = await bench.newBuild({ project: await bench.newProject() });
    const names = ['Golden-1', 'golden-2', 'log'];
    for (const name of names) await register(buildId, name, name === 'log' ? { artifactType: 'log' } : {});
    await register(other, 'golden-elsewhere');
    await bench.call('pinArtifact', { params: { buildId, artifactId: 'log' } });
    await bench.call('promoteArtifact', { params: { buildId, artifactId: 'Golden-1' } });
    const found = async (query: object) =>
      (await bench.call('searchArtifacts', { query: { projectId: project, ...query } })).map(
        ({ artifactName }) => artifactName,
      );
    expect(await found({})).toEqual(['log', 'golden-2', 'Golden-1']);
    expect(await found({ q: 'GOLDEN' })).toEqual(['golden-2', 'Golden-1']);
    expect(await found({ artifactType: 'log' })).toEqual(['log']);
    expect(await found({ isPinned: 'true' })).toEqual(['log']);
    expect(await found({ isFinal: 'true' })).toEqual(['Golden-1']);
    const first = await bench.door.call('searchArtifacts', { query: { projectId: project, limit: '2' } });
    expect(await found({ cursor: first.next })).toEqual(['Golden-1']);
    await bench.call('deleteArtifact', { params: { buildId, artifactId: 'golden-2' } });
    expect(await found({ q: 'golden' })).toEqual(['Golden-1']);
    expect(await found({ q: 'golden', includeDeleted: 'true' })).toEqual(['golden-2', 'Golden-1']);
    await bench.refused('not_found', () => found({ projectId: randomUUID() }));
    await bench.refused('validation_failed', () => found({ q: '' }));
  });

  it('follows what artifacts were made from over builds, both ways', async () => {
    const base = await bench.newBuild();
    const derived = await bench.newBuild();
    const root = await register(base, 'root', { checksum: 'cd'.repeat(32) });
    const middle = await register(derived, 'middle', { parents: [root.id] });
    const absent = randomUUID();
    const leaf = await register(derived, 'leaf', { parents: [middle.id, root.id, absent] });
    const seen = await lineage(derived, 'middle');
    expect(seen.artifact).toMatchObject({ artifactId: middle.id, depth: 0, parents: [root.id] });
    expect(seen.ancestors).toMatchObject([
      {
        artifactId: root.id,
        depth: 1,
        known: true,
        buildId: base,
        artifactName: 'root',
        stateCode: 10,
        checksum: 'cd'.repeat(32),
      },
    ]);
    expect(seen.descendants).toMatchObject([{ artifactId: leaf.id, depth: 1, buildId: derived }]);
    const up = (await lineage(derived, 'leaf')).ancestors;
    expect(up.map(({ artifactId, depth, known }) => [artifactId, depth, known])).toEqual([
      [middle.id, 1, true],
      [root.id, 1, true],
      [absent, 1, false],
    ]);
    const down = (await lineage(base, 'root')).descendants;
    expect(new Set(down.map(({ artifactId, depth }) => `${artifactId} ${depth}`))).toEqual(
      new Set([`${middle.id} 1`, `${leaf.id} 1`]),
    );
  });

  it('ends where parents form a cycle, and where the depth ends', async () => {
    const buildId = await bench.newBuild();
    const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()];
    await register(buildId, 'one', { id: one, parents: [three] });
    await register(buildId, 'two', { id: two, parents: [one, two] });
    await register(buildId, 'three', { id: three, parents: [two] });
    const whole = await lineage(buildId, one);
    expect(whole.ancestors.map(({ artifactId, depth }) => [artifactId, depth])).toEqual([
      [three, 1],
      [two, 2],
    ]);
    expect(whole.descendants.map(({ artifactId, depth }) => [artifactId, depth])).toEqual([
      [two, 1],
      [three, 2],
    ]);
    expect(whole.truncated).toBe(false);
    const near = await lineage(buildId, one, { depth: '1' });
    expect([near.ancestors.length, near.descendants.length, near.truncated]).toEqual([1, 1, true]);
    await bench.refused('validation_failed', () => lineage(buildId, one, { depth: '0' }));
  });
}
