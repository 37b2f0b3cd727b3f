import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

/** Artifacts and jobs. */
export function recordCases(bench: DoorBench): void {
  const artifact = (artifactName: string, stateCode: number, more: object = {}) => ({
    stateCode,
    artifactName,
    artifactType: 'disk_image',
    artifactPath: `s3://b/${artifactName}`,
    storageBackend: 's3',
    sizeBytes: 7,
    checksum: 'cd'.repeat(32),
    ...more,
  });
  const register = (buildId: string, name: string, state: number, more: object = {}) =>
    bench.call('registerArtifact', { params: { buildId }, body: artifact(name, state, more) });

  it('keeps one live artifact of a name: the same again, a new version, or a conflict', async () => {
    const build = await bench.newBuild();
    await bench.report(build, { state: 10, status: 'started' });
    const first = await register(build, 'image', 10);
    expect((await register(build, 'image', 10)).id).toBe(first.id);
    await bench.refused('already_exists', () => register(build, 'image', 10, { artifactPath: 's3://b/2' }));
    await bench.report(build, { state: 10, status: 'failed' });
    await bench.report(build, { state: 10, status: 'started' });
    const second = await register(build, 'image', 10, { artifactPath: 's3://b/2' });
    expect(second).toMatchObject({ version: 2, attempt: 2 });
    const all = await bench.call('listArtifacts', {
      params: { buildId: build },
      query: { includeDeleted: 'true' },
    });
    expect(all.map(({ version, supersededBy }) => [version, supersededBy])).toEqual([
      [1, second.id],
      [2, null],
    ]);
  });

  it('registers what a report produced in the same change', async () => {
    const build = await bench.newBuild();
    const answer = await bench.report(build, {
      state: 10,
      artifactName: 'image',
      artifactType: 'disk_image',
      artifactStorageType: 's3',
      artifactStoragePath: 's3://b/k',
      artifactSizeBytes: 9,
      artifactChecksum: 'ef'.repeat(32),
      artifactVerificationStatus: 'stored',
    });
    const [listed] = await bench.call('listArtifacts', { params: { buildId: build } });
    expect(listed).toMatchObject({
      id: answer.artifactId,
      artifactName: 'image',
      attempt: 1,
      checksumAlgorithm: 'sha256',
      verificationStatus: 'stored',
      sizeBytes: 9,
    });
    const again = await bench.report(build, {
      state: 10,
      artifactName: 'image',
      artifactStorageType: 's3',
      artifactStoragePath: 's3://b/k',
      artifactSizeBytes: 9,
      artifactChecksum: 'ef'.repeat(32),
    });
    expect(again).toMatchObject({ id: answer.id, artifactId: answer.artifactId });
  });

  it('lists artifacts by state and filters them', async () => {
    const build = await bench.newBuild();
    await register(build, 'late', 25, { isFinal: true });
    await register(build, 'early', 10, { artifactType: 'log', isResumable: false });
    const list = async (query: object) => {
      const items = await bench.call('listArtifacts', { params: { buildId: build }, query });
      return items.map(({ artifactName }) => artifactName);
    };
    expect(await list({})).toEqual(['early', 'late']);
    expect(await list({ stateCode: '25' })).toEqual(['late']);
    expect(await list({ artifactType: 'log' })).toEqual(['early']);
    expect(await list({ isResumable: 'true' })).toEqual(['late']);
    expect(await list({ isFinal: 'false' })).toEqual(['early']);
    const page = await bench.door.call('listArtifacts', {
      params: { buildId: build },
      query: { limit: '1' },
    });
    expect(page.next).toBeDefined();
    const rest = await list({ limit: '1', cursor: page.next });
    expect(rest).toEqual(['late']);
  });

  it('changes, verifies and deletes an artifact by id and by name', async () => {
    const build = await bench.newBuild();
    const { id } = await register(build, 'image', 10);
    const params = { buildId: build, artifactId: 'image' };
    const updated = await bench.call('updateArtifact', {
      params,
      body: { isFinal: true, metadata: { by: 'me' } },
    });
    expect(updated).toMatchObject({ id, isFinal: true, metadata: { by: 'me' } });
    const seen = await bench.call('verifyArtifact', { params, body: { verificationStatus: 'corrupt' } });
    expect(seen.verificationStatus).toBe('corrupt');
    await bench.call('deleteArtifact', { params });
    await bench.refused('not_found', () => bench.call('getArtifact', { params }));
    const kept = await bench.call('getArtifact', { params: { buildId: build, artifactId: id } });
    expect(kept.deletedAt).not.toBeNull();
  });

  it('links a CI job once and follows it', async () => {
    const build = await bench.newBuild();
    const body = { platform: 'jenkins', jobId: '77', jobUrl: 'https://ci.example/77' };
    const job = await bench.call('linkJob', { params: { buildId: build }, body });
    expect((await bench.call('linkJob', { params: { buildId: build }, body })).id).toBe(job.id);
    await bench.call('updateJob', { params: { buildId: build, jobId: job.id }, body: { status: 'failed' } });
    const jobs = await bench.call('listJobs', { params: { buildId: build } });
    expect(jobs.map(({ status }) => status)).toEqual(['failed']);
  });
}
