import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

const canary = 'hunter2-canary';
const awsKey = 'AKIAIOSFODNN7EXAMPLE';

/** Secrets in texts and in users' JSON are taken out before anything is stored, whichever way they came in. */
export function redactionCases(bench: DoorBench): void {
  async function buildWithSecret(): Promise<string> {
    const build = await bench.newBuild();
    const body = { variableKey: 'password', variableValue: canary, isSensitive: true };
    await bench.call('setVariable', { params: { buildId: build }, body });
    return build;
  }

  /** Everything that the tracker shows of a build, but for the variables themselves. */
  async function everythingOf(buildId: string): Promise<string> {
    const params = { buildId };
    const { variables: _, ...context } = await bench.call('getResumeContext', { params });
    const all = [
      context,
      await bench.call('getBuild', { params }),
      await bench.call('getBuildState', { params }),
      await bench.call('listFailures', { params }),
      await bench.call('listEvents', { params, query: { limit: '1000' } }),
      await bench.call('listArtifacts', { params, query: { includeDeleted: 'true' } }),
      await bench.call('listResumeRequests', { params }),
      await bench.call('listJobs', { params }),
    ];
    return JSON.stringify(all);
  }

  it('from reports', async () => {
    const build = await buildWithSecret();
    const answer = await bench.report(build, {
      state: 5,
      status: 'failed',
      message: `login with ${canary} failed`,
      errorMessage: `${awsKey} is not valid`,
      errorCode: `E-${canary}`,
      component: `ansible ${canary}`,
      errorDetails: { output: [canary] },
      metadata: { token: canary, [canary]: 1 },
      reportedBy: `job ${canary}`,
      artifactStorageType: 's3',
      artifactStoragePath: 's3://b/log',
      artifactMetadata: { env: `PASSWORD=${canary}` },
      artifactName: 'log',
    });
    expect(answer.message).toBe('login with [redacted] failed');
    expect(JSON.stringify(answer)).not.toMatch(/canary|AKIA/);
    expect(await everythingOf(build)).not.toMatch(/canary|AKIA/);
  });

  it('from decisions of people', async () => {
    const build = await buildWithSecret();
    const params = { buildId: build };
    const reason = `because ${canary} leaked`;
    for (const state of [10, 20]) await bench.report(build, { state });
    await bench.call('rollbackBuild', { params, body: { targetState: 10, reason } });
    await bench.report(build, { state: 20, status: 'failed' });
    await bench.call('retryBuild', { params, body: { reason } });
    const { id } = await bench.call('requestResume', {
      params,
      body: {
        resumeReason: reason,
        metadata: { why: reason },
        orchestrationConfig: { trigger_webhook: `https://me:${canary}@ci.example` },
      },
    });
    await bench.call('updateResumeRequest', {
      params: { requestId: id },
      body: {
        orchestrationStatus: 'triggered',
        orchestrationJobUrl: `https://ci.example/?token=${canary}`,
        errorMessage: reason,
        metadata: { why: reason },
      },
    });
    await bench.call('updateBuild', { params, body: { description: reason, metadata: { why: reason } } });
    await bench.call('cancelBuild', { params, body: { reason } });
    expect(await everythingOf(build)).not.toContain('canary');
  });

  it('from records', async () => {
    const build = await buildWithSecret();
    const params = { buildId: build };
    const artifact = await bench.call('registerArtifact', {
      params,
      body: {
        stateCode: 5,
        artifactName: 'image',
        artifactType: 'disk_image',
        artifactPath: 's3://b/k',
        storageBackend: 's3',
        metadata: { built_with: [canary] },
      },
    });
    expect(artifact.metadata).toEqual({ built_with: ['[redacted]'] });
    const metadata = { signed_with: canary };
    await bench.call('updateArtifact', {
      params: { ...params, artifactId: artifact.id },
      body: { metadata },
    });
    const job = { platform: 'jenkins', jobId: '7', jobUrl: `https://me:${canary}@ci.example/7` };
    const { id } = await bench.call('linkJob', { params, body: job });
    await bench.call('updateJob', { params: { ...params, jobId: id }, body: { jobUrl: job.jobUrl } });
    expect(await everythingOf(build)).not.toContain('canary');
  });

  it('from the creation of a build', async () => {
    const build = await bench.newBuild({
      description: `made with ${awsKey}`,
      metadata: { key: awsKey },
      job: { platform: 'jenkins', jobUrl: 'https://me:hunter22@ci.example/7' },
    });
    expect(await everythingOf(build)).not.toMatch(/AKIA|hunter22/);
  });

  it('also those that stand within a JSON variable', async () => {
    const build = await bench.newBuild();
    await bench.call('setVariable', {
      params: { buildId: build },
      body: {
        variableKey: 'login',
        variableValue: { user: 'operator', password: canary },
        variableType: 'json',
        isSensitive: true,
      },
    });
    const answer = await bench.report(build, { state: 5, message: `login with ${canary} failed` });
    expect(answer.message).toBe('login with [redacted] failed');
  });
}
