import { inspect } from 'node:util';
import { ConfigurationError, StorageError } from '@buildstate/core/light';
import { describe, expect, it } from 'vitest';
import { openS3Backend } from '../../src/s3/index.ts';
import { loadS3Sdk } from '../../src/s3/s3-sdk.ts';
import { driver, faultyServer } from './faulty-place.ts';

describe('what S3 answers', () => {
  it.each([
    [500, 'InternalError', 'transient', 'unavailable'],
    [502, 'BadGateway', 'transient', 'unavailable'],
    [503, 'SlowDown', 'transient', 'unavailable'],
    [429, 'TooManyRequests', 'transient', 'unavailable'],
    [400, 'RequestTimeout', 'transient', 'unavailable'],
    [400, 'ExpiredToken', 'transient', 'unavailable'],
    [409, 'OperationAborted', 'transient', 'unavailable'],
    [400, 'InvalidArgument', 'permanent', 'failed'],
    [403, 'AccessDenied', 'permanent', 'forbidden'],
    [403, 'SignatureDoesNotMatch', 'permanent', 'unauthenticated'],
    [403, 'InvalidAccessKeyId', 'permanent', 'unauthenticated'],
    [400, 'EntityTooLarge', 'permanent', 'too_large'],
    [403, 'QuotaExceeded', 'permanent', 'no_space'],
    [507, 'InsufficientStorage', 'permanent', 'no_space'],
    [501, 'NotImplemented', 'permanent', 'failed'],
    [404, 'NoSuchBucket', 'permanent', 'not_found'],
  ])('%i %s is %s and %s', async (status, code, persistence, kind) => {
    const server = await faultyServer();
    const backend = await driver(server);
    server.inject({ operation: 'PutObject', fault: { kind: 'status', status, code } });
    const put = backend.put('key', Buffer.from('x'));
    await expect(put).rejects.toMatchObject({ persistence, kind, context: { s3_code: code, status } });
    await expect(put).rejects.toThrow(StorageError);
    await expect(put).rejects.toThrow('put of s3://bucket/key');
  });

  it('is transient when nobody answers at all', async () => {
    const server = await faultyServer();
    const backend = await driver(server);
    await server.stop();
    await expect(backend.stat('key')).rejects.toMatchObject({
      persistence: 'transient',
      kind: 'unavailable',
    });
  });

  it('is transient when the connection breaks', async () => {
    const server = await faultyServer();
    const backend = await driver(server);
    server.inject({ operation: 'PutObject', fault: { kind: 'drop-reply' } });
    await expect(backend.put('key', Buffer.from('x'))).rejects.toMatchObject({ persistence: 'transient' });
  });

  it('shows no secret in errors', async () => {
    const server = await faultyServer();
    const canary = 'canary-AbCdEf0123456789';
    const credentials = {
      accessKeyId: 'AKIAEXAMPLE',
      secretAccessKey: canary,
      sessionToken: `${canary}-token`,
    };
    const backend = await openS3Backend('s3://bucket', { credentials, endpoint: server.endpoint });
    server.inject({ operation: 'PutObject', fault: { kind: 'status', status: 403, code: 'AccessDenied' } });
    const error = await backend.put('key', Buffer.from('x')).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StorageError);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(canary);
    expect(inspect(backend, { depth: 4 })).not.toContain(canary);
  });
});

describe('a probe', () => {
  it('finds out that a store ignores or refuses conditions', async () => {
    for (const conditions of ['ignored', 'refused'] as const) {
      const server = await faultyServer({ conditions });
      const probe = await (await driver(server)).probe();
      expect(probe).toMatchObject({ readable: true, writable: true, conditionalPut: false });
      expect(server.state.objects.size).toBe(0);
    }
  });

  it('says what may not be done', async () => {
    const server = await faultyServer();
    const backend = await driver(server);
    const denied = { kind: 'status', status: 403, code: 'AccessDenied' } as const;
    server.inject({ operation: 'PutObject', fault: denied });
    expect(await backend.probe()).toMatchObject({ readable: true, writable: false, problem: /AccessDenied/ });
    server.inject({ operation: 'ListObjectsV2', fault: denied });
    expect(await backend.probe()).toMatchObject({ readable: false, writable: true, problem: /AccessDenied/ });
  });
});

describe('the AWS SDK', () => {
  it('is named when it is not installed', async () => {
    const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    const loading = loadS3Sdk(() => Promise.reject(missing));
    await expect(loading).rejects.toThrow(ConfigurationError);
    await expect(loading).rejects.toThrow('npm install @aws-sdk/client-s3');
  });

  it('is not blamed for being absent when it is broken', async () => {
    const broken = Object.assign(new Error('Cannot find module'), {
      code: 'ERR_MODULE_NOT_FOUND',
      url: 'file:///x',
    });
    await expect(loadS3Sdk(() => Promise.reject(broken))).rejects.toBe(broken);
  });
});
