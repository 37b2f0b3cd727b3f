import { randomUUID } from 'node:crypto';
import type { OperationInput, OperationName } from '@buildstate/core';
import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

interface Call<K extends OperationName> {
  readonly operation: K;
  readonly input: Partial<OperationInput<K>>;
}

/** One thing: how it is read and changed, each in the words of its own operations. */
interface Thing {
  readonly read: Call<OperationName>;
  readonly change: Call<OperationName>;
  readonly remove?: Call<OperationName>;
}

const call = <K extends OperationName>(
  operation: K,
  input: Partial<OperationInput<K>>,
): Call<OperationName> => ({ operation, input }) as unknown as Call<OperationName>;

const things: Readonly<Record<string, (bench: DoorBench) => Promise<Thing>>> = {
  async 'a build'(bench) {
    const params = { buildId: await bench.newBuild() };
    return {
      read: call('getBuild', { params }),
      change: call('updateBuild', { params, body: { description: 'changed' } }),
      remove: call('deleteBuild', { params }),
    };
  },
  async 'a project'(bench) {
    const params = { projectId: await bench.newProject() };
    return {
      read: call('getProject', { params }),
      change: call('updateProject', { params, body: { description: 'changed' } }),
      remove: call('deleteProject', { params }),
    };
  },
  async 'a state code'(bench) {
    const params = { projectId: await bench.newProject(), stateCode: '10' };
    return {
      read: call('getStateCode', { params }),
      change: call('putStateCode', { params, body: { description: 'changed' } }),
      remove: call('deprecateStateCode', { params }),
    };
  },
  async 'how a state is resumed'(bench) {
    const projectId = await bench.newProject();
    await bench.call('createResumableState', { params: { projectId }, body: { stateCode: 30 } });
    const params = { projectId, stateCode: '30' };
    return {
      read: call('getResumableState', { params }),
      change: call('putResumableState', { params, body: { notes: 'changed' } }),
      remove: call('deleteResumableState', { params }),
    };
  },
  async 'a platform'(bench) {
    const { id } = await bench.call('createPlatform', { body: { name: `p-${randomUUID()}` } });
    return {
      read: call('getPlatform', { params: { id } }),
      change: call('updatePlatform', { params: { id }, body: { description: 'changed' } }),
      remove: call('deletePlatform', { params: { id } }),
    };
  },
  async 'an artifact'(bench) {
    const buildId = await bench.newBuild();
    const body = {
      stateCode: 10,
      artifactName: 'disk',
      artifactType: 'image',
      artifactPath: 's3://bucket/disk',
      storageBackend: 's3',
    };
    const { id } = await bench.call('registerArtifact', { params: { buildId }, body });
    const params = { buildId, artifactId: id };
    return {
      read: call('getArtifact', { params }),
      change: call('updateArtifact', { params, body: { isFinal: true } }),
      remove: call('deleteArtifact', { params }),
    };
  },
  async 'a variable'(bench) {
    const buildId = await bench.newBuild();
    await bench.call('setVariable', {
      params: { buildId },
      body: { variableKey: 'secret', variableValue: 'one', isSensitive: true },
    });
    const params = { buildId, variableKey: 'secret' };
    return {
      read: call('getVariable', { params }),
      change: call('updateVariable', { params, body: { variableValue: 'two' } }),
      remove: call('deleteVariable', { params }),
    };
  },
  async 'a resume request'(bench) {
    const buildId = await bench.newBuild();
    await bench.report(buildId, { state: 10 });
    await bench.report(buildId, { state: 20, status: 'failed', errorMessage: 'broken' });
    const { id } = await bench.call('requestResume', { params: { buildId }, body: {} });
    const params = { requestId: id };
    return {
      read: call('getResumeRequest', { params }),
      change: call('updateResumeRequest', { params, body: { orchestrationStatus: 'triggered' } }),
    };
  },
};

/** Single things have a tag, and a change can depend on it. */
export function conditionCases(bench: DoorBench): void {
  const perform = ({ operation, input }: Call<OperationName>, ifMatch?: readonly string[]) =>
    bench.door.call(operation, input, ifMatch === undefined ? {} : { ifMatch });

  for (const [name, make] of Object.entries(things)) {
    it(`changes ${name} only as it was seen`, async () => {
      const { read, change, remove } = await make(bench);
      const { etag = '' } = await perform(read);
      expect(etag).toMatch(/^[\x21\x23-\x7e]+$/);
      expect((await perform(read)).etag).toBe(etag);
      await bench.refused('precondition_failed', () => perform(change, ['other']));
      expect((await perform(read)).etag).toBe(etag);
      const changed = await perform(change, ['other', etag]);
      expect(changed.etag).not.toBe(etag);
      expect((await perform(read)).etag).toBe(changed.etag);
      await bench.refused('precondition_failed', () => perform(change, [etag]));
      await perform(change, ['*']);
      if (remove === undefined) return;
      await bench.refused('precondition_failed', () => perform(remove, [etag]));
      const { etag: last = '' } = await perform(read);
      await perform(remove, [last]);
    });

    it(`lets one of eight changes of ${name} win that saw the same`, async () => {
      const { read, change } = await make(bench);
      const { etag = '' } = await perform(read);
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => perform(change, [etag])));
      const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      expect(refusals.map(({ code }) => code)).toEqual(Array(7).fill('precondition_failed'));
    });
  }

  it('makes nothing under a condition that something is there', async () => {
    const projectId = await bench.newProject();
    const input = { params: { projectId, stateCode: '7' }, body: { name: 'seven' } };
    await bench.refused('precondition_failed', () =>
      bench.door.call('putStateCode', input, { ifMatch: ['*'] }),
    );
    await bench.refused('not_found', () => bench.call('getStateCode', { params: input.params }));
  });

  it('refuses a condition where it could not be honoured', async () => {
    const body = { name: `p-${randomUUID()}` };
    await bench.refused('validation_failed', () =>
      bench.door.call('createProject', { body }, { ifMatch: ['1'] }),
    );
    const error = await bench.refused('validation_failed', () =>
      bench.door.call('revokeToken', { params: { userId: 'me', tokenId: 'x' } }, { ifMatch: ['*'] }),
    );
    expect(error.problems[0]?.path).toBe('If-Match');
  });
}
