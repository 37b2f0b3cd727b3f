import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

/** Where a build goes on, from what, and who asked for it. */
export function resumeCases(bench: DoorBench): void {
  const context = (buildId: string) => bench.call('getResumeContext', { params: { buildId } });
  const ask = (buildId: string, resumeFromState?: number) =>
    bench.call('requestResume', { params: { buildId }, body: { resumeFromState } });
  const statusOf = async (requestId: string) =>
    (await bench.call('getResumeRequest', { params: { requestId } })).orchestrationStatus;
  const register = (buildId: string, artifactName: string, stateCode: number) =>
    bench.call('registerArtifact', {
      params: { buildId },
      body: {
        stateCode,
        artifactName,
        artifactType: 'disk_image',
        artifactPath: `s3://b/${artifactName}-${stateCode}`,
        storageBackend: 's3',
      },
    });

  async function failedAt30(): Promise<string> {
    const build = await bench.newBuild();
    for (const state of [10, 20]) await bench.report(build, { state });
    await bench.report(build, { state: 30, status: 'failed' });
    return build;
  }

  it('accepts one request at a time and follows it to its end', async () => {
    const build = await failedAt30();
    await bench.refused('not_resumable', () => ask(build, 50));
    const request = await ask(build, 20);
    expect((await ask(build)).id).toBe(request.id);
    await bench.report(build, { state: 20, status: 'started' });
    expect(await bench.where(build)).toEqual([20, 10, null, 'running']);
    expect(await statusOf(request.id)).toBe('running');
    await bench.report(build, { state: 100 });
    expect(await statusOf(request.id)).toBe('completed');
    await bench.refused('build_closed', () => ask(build));
  });

  it('follows a request for the failed state itself', async () => {
    const build = await failedAt30();
    const request = await ask(build);
    expect(request.resumeFromState).toBe(30);
    await bench.report(build, { state: 30, status: 'started' });
    expect(await statusOf(request.id)).toBe('running');
    await bench.report(build, { state: 30, status: 'failed' });
    expect(await statusOf(request.id)).toBe('failed');
    expect((await ask(build)).id).not.toBe(request.id);
  });

  it('ends a request that a rollback has overtaken', async () => {
    const build = await failedAt30();
    const request = await ask(build);
    await bench.call('rollbackBuild', { params: { buildId: build }, body: { targetState: 10 } });
    expect(await statusOf(request.id)).toBe('cancelled');
    const update = (orchestrationStatus: 'pending' | 'triggered') =>
      bench.call('updateResumeRequest', { params: { requestId: request.id }, body: { orchestrationStatus } });
    await bench.refused('illegal_transition', () => update('pending'));
    expect((await update('triggered')).orchestrationStatus).toBe('cancelled');
    const requests = await bench.call('listResumeRequests', { params: { buildId: build } });
    expect(requests).toHaveLength(1);
  });

  it('starts from what every name stood for at the last success, also after a rollback', async () => {
    const build = await bench.newBuild();
    const names = async () =>
      (await context(build)).artifacts.map(({ artifactPath, version }) => `${artifactPath} v${version}`);
    await bench.report(build, { state: 10 });
    await register(build, 'image', 10);
    await bench.report(build, { state: 20, status: 'started' });
    await register(build, 'image', 20);
    expect(await names()).toEqual(['s3://b/image-10 v1']);
    await bench.report(build, { state: 20 });
    expect(await names()).toEqual(['s3://b/image-20 v2']);
    await bench.call('rollbackBuild', { params: { buildId: build }, body: { targetState: 10 } });
    expect(await names()).toEqual(['s3://b/image-10 v1']);
    const live = await bench.call('getArtifact', { params: { buildId: build, artifactId: 'image' } });
    expect(live).toMatchObject({ version: 1, isResumable: true });
    const kept = await bench.call('listArtifacts', {
      params: { buildId: build },
      query: { includeDeleted: 'true' },
    });
    expect(kept.map(({ version, isResumable, deletedAt }) => [version, isResumable, deletedAt])).toEqual([
      [1, true, null],
      [2, false, null],
    ]);
    await bench.report(build, { state: 15 });
    expect((await register(build, 'image', 15)).version).toBe(3);
    expect(await names()).toEqual(['s3://b/image-15 v3']);
  });

  it('goes back for an artifact that was seen to be damaged', async () => {
    const build = await bench.newBuild();
    await bench.report(build, { state: 10 });
    await register(build, 'image', 10);
    await bench.report(build, { state: 20, status: 'failed' });
    const params = { buildId: build, artifactId: 'image' };
    await bench.call('verifyArtifact', { params, body: { verificationStatus: 'corrupt' } });
    expect(await context(build)).toMatchObject({
      resumeFromState: 10,
      resumable: true,
      artifacts: [],
      missing: [{ kind: 'artifact', name: 'image' }],
      rerunStates: [{ state: 10 }],
    });
    await bench.call('verifyArtifact', { params, body: { verificationStatus: 'stored' } });
    expect((await context(build)).resumeFromState).toBe(10);
    await bench.call('verifyArtifact', { params, body: { verificationStatus: 'verified' } });
    expect((await context(build)).resumeFromState).toBe(20);
  });

  it('falls back from states that cannot be resumed, and refuses to be sent to one', async () => {
    const project = await bench.newProject();
    const params = { projectId: project };
    await bench.call('createResumableState', { params, body: { stateCode: 10 } });
    for (const stateCode of [20, 30]) {
      await bench.call('createResumableState', { params, body: { stateCode, isResumable: false } });
    }
    const build = await bench.newBuild({ project });
    for (const state of [10, 20]) await bench.report(build, { state });
    await bench.report(build, { state: 30, status: 'failed' });
    expect((await context(build)).resumeFromState).toBe(10);
    await bench.refused('not_resumable', () => ask(build, 20));
    expect((await ask(build)).resumeFromState).toBe(10);
  });
}
