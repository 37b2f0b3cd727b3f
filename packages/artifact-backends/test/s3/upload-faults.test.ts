import type { FaultyS3Server, S3Fault, S3Operation } from '@buildstate/conformance/backend';
import { StorageError } from '@buildstate/core/light';
import { uploadFile } from '@buildstate/transfer';
import { describe, expect, it } from 'vitest';
import type { OpenBackendOptions } from '../../src/index.ts';
import {
  complete,
  crypto,
  driver,
  expectNoLeftovers,
  faultyServer,
  mebibyte,
  sourceFile,
} from './faulty-place.ts';

const serverError: S3Fault = { kind: 'status', status: 503, code: 'SlowDown' };

/** Uploads 23 MiB in five parts and checks that the store holds exactly that. */
async function expectUpload(server: FaultyS3Server, options?: OpenBackendOptions): Promise<void> {
  const { path, bytes, sha256 } = sourceFile(23 * mebibyte);
  const backend = await complete(server, options);
  const result = await uploadFile({
    backend,
    key: 'a/key',
    source: { path },
    crypto,
    partBytes: 5 * mebibyte,
  });
  expect(result).toMatchObject({ sha256, sizeBytes: bytes.length, info: { size: bytes.length } });
  expect(server.state.objects.get('bucket/a/key')?.bytes.equals(bytes)).toBe(true);
  expectNoLeftovers(server);
  await backend.close();
}

async function expectFailedUpload(server: FaultyS3Server, options?: OpenBackendOptions): Promise<unknown> {
  const { path } = sourceFile(13 * mebibyte);
  const backend = await complete(server, options);
  const upload = uploadFile({ backend, key: 'a/key', source: { path }, crypto, partBytes: 5 * mebibyte });
  const error = await upload.then(
    () => expect.fail('expected a rejection'),
    (reason: unknown) => reason,
  );
  expect(server.state.objects.size).toBe(0);
  expectNoLeftovers(server);
  await backend.close();
  return error;
}

describe('an upload succeeds in spite of', () => {
  const operations: readonly S3Operation[] = [
    'CreateMultipartUpload',
    'UploadPart',
    'CompleteMultipartUpload',
  ];

  it.each(operations)('503 answers to %s, three times', async (operation) => {
    const server = await faultyServer();
    server.inject({ operation, fault: serverError, times: 3 });
    await expectUpload(server);
  });

  it.each([0, 1, 2, 3, 4])(
    'a 503 after the body of part %i was sent: it is sent again, whole',
    async (after) => {
      const server = await faultyServer();
      server.inject({ operation: 'UploadPart', fault: serverError, after });
      await expectUpload(server);
    },
  );

  it('a connection that breaks after a part was stored', async () => {
    const server = await faultyServer();
    server.inject({ operation: 'UploadPart', fault: { kind: 'drop-reply' }, after: 2 });
    await expectUpload(server);
  });

  it('a part that is never answered', async () => {
    const server = await faultyServer();
    server.inject({ operation: 'UploadPart', fault: { kind: 'never-answer' }, after: 1 });
    await expectUpload(server, { deadline: { callMs: 400, leastBytesPerSecond: 2 ** 40 } });
  });

  it('200 with an error to the completion, which was not done', async () => {
    const server = await faultyServer();
    server.inject({
      operation: 'CompleteMultipartUpload',
      fault: { kind: 'error-in-200', applied: false },
      times: 2,
    });
    await expectUpload(server);
  });

  it('200 with an error to the completion, which was done all the same', async () => {
    const server = await faultyServer();
    server.inject({ operation: 'CompleteMultipartUpload', fault: { kind: 'error-in-200', applied: true } });
    await expectUpload(server);
  });

  it('a lost reply to the completion: it looks instead of completing again', async () => {
    const server = await faultyServer();
    server.inject({ operation: 'CompleteMultipartUpload', fault: { kind: 'drop-reply' } });
    await expectUpload(server);
    const completions = server.requests.filter(({ operation }) => operation === 'CompleteMultipartUpload');
    expect(completions).toHaveLength(1);
  });

  it('a lost reply to the completion, and failures while it looks', async () => {
    const server = await faultyServer();
    server.inject({ operation: 'CompleteMultipartUpload', fault: { kind: 'drop-reply' } });
    server.inject({
      operation: 'HeadObject',
      fault: { kind: 'status', status: 503, code: 'SlowDown' },
      times: 2,
    });
    await expectUpload(server);
  });
});

describe('an upload fails and leaves nothing when', () => {
  it('a part is refused for good: it is not even tried again', async () => {
    const server = await faultyServer();
    server.inject({
      operation: 'UploadPart',
      fault: { kind: 'status', status: 403, code: 'AccessDenied' },
      after: 1,
    });
    expect(await expectFailedUpload(server)).toMatchObject({ kind: 'forbidden', persistence: 'permanent' });
    expect(server.requests.filter(({ operation }) => operation === 'UploadPart').length).toBeLessThanOrEqual(
      3,
    );
  });

  it('a part fails more often than it is tried', async () => {
    const server = await faultyServer();
    server.inject({ operation: 'UploadPart', fault: serverError, after: 2, times: 4 });
    const error = await expectFailedUpload(server, { retry: { attempts: 4, initialDelayMs: 1 } });
    expect(error).toMatchObject({ kind: 'unavailable', persistence: 'transient' });
  });

  it('the completion fails for good', async () => {
    const server = await faultyServer();
    const fault: S3Fault = { kind: 'status', status: 400, code: 'InvalidPart' };
    server.inject({ operation: 'CompleteMultipartUpload', fault });
    expect(await expectFailedUpload(server)).toBeInstanceOf(StorageError);
  });

  it('another object with the same size stands under the key: it is not taken for the upload', async () => {
    const server = await faultyServer();
    const backend = await complete(server, { retry: { attempts: 2, initialDelayMs: 1 } });
    const { path } = sourceFile(13 * mebibyte);
    server.state.put('bucket/key', Buffer.alloc(13 * mebibyte), { contentType: '', metadata: {} });
    const fault: S3Fault = { kind: 'status', status: 404, code: 'NoSuchUpload' };
    server.inject({ operation: 'CompleteMultipartUpload', fault });
    const upload = uploadFile({ backend, key: 'key', source: { path }, crypto, partBytes: 5 * mebibyte });
    await expect(upload).rejects.toMatchObject({ code: 'storage_not_found' });
    expectNoLeftovers(server);
  });
});

describe('a small object', () => {
  it('is stored once in spite of a lost reply, although it had to be new', async () => {
    const server = await faultyServer();
    const backend = await complete(server);
    server.inject({ operation: 'PutObject', fault: { kind: 'drop-reply' } });
    const info = await backend.put('key', Buffer.from('content'), { ifAbsent: true });
    expect(info).toMatchObject({ key: 'key', size: 7 });
    expectNoLeftovers(server);
  });

  it('is not claimed when somebody else stored another one while the reply was lost', async () => {
    const server = await faultyServer();
    const backend = await complete(server);
    server.inject({ operation: 'PutObject', fault: { kind: 'never-answer' } });
    server.inject({ operation: 'PutObject', fault: { kind: 'replace', bytes: Buffer.from('theirs!') } });
    const impatient = await complete(server, { deadline: { callMs: 200 } });
    const put = impatient.put('key', Buffer.from('content'), { ifAbsent: true });
    await expect(put).rejects.toMatchObject({ code: 'storage_exists' });
    await backend.close();
  });
});

describe('the bodies that are sent', () => {
  const chunked = 'aws-chunked';

  it.each([
    ['none', {}],
    ['crc32', { 'x-amz-checksum-crc32': expect.any(String) }],
    ['md5', { 'content-md5': expect.any(String) }],
  ] as const)(
    'carry what the profile %s says, and nothing that other stores choke on',
    async (checksums, headers) => {
      const server = await faultyServer();
      const backend = await driver(server, { checksums });
      const upload = await backend.createUpload('key');
      const part = await backend.uploadPart(upload, { number: 1, bytes: Buffer.from('content') });
      await backend.completeUpload(upload, [part]);
      await backend.put('small', Buffer.from('content'));
      const bodies = server.requests.filter(({ operation }) =>
        ['UploadPart', 'PutObject'].includes(operation),
      );
      expect(bodies).toHaveLength(2);
      for (const { headers: seen } of bodies) {
        expect(seen).toMatchObject(headers);
        expect(seen['content-encoding'] ?? '').not.toContain(chunked);
        expect(seen['x-amz-trailer']).toBeUndefined();
        expect(seen['x-amz-content-sha256']).toBe('UNSIGNED-PAYLOAD');
        if (checksums !== 'crc32') expect(Object.keys(seen).join()).not.toMatch(/x-amz-(sdk-)?checksum/);
      }
    },
  );

  it('are part of the signature when the profile says so', async () => {
    const server = await faultyServer();
    const backend = await driver(server, { payload: 'signed' });
    await backend.put('key', Buffer.from('content'));
    expect(server.requests[0]?.headers['x-amz-content-sha256']).toBe(crypto.sha256Hex('content'));
  });
});

describe('an object is made', () => {
  it('in the class, with the encryption and the tags that were asked for, whole or in parts', async () => {
    const server = await faultyServer();
    const tags = { team: 'images & more', cost: '7' };
    const backend = await driver(server, { storageClass: 'STANDARD_IA', kmsKey: 'alias/images', tags });
    await backend.put('small', Buffer.from('content'));
    const upload = await backend.createUpload('key');
    await backend.uploadPart(upload, { number: 1, bytes: Buffer.from('content') });
    const [put, create, part] = server.requests;
    const expected = {
      'x-amz-storage-class': 'STANDARD_IA',
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'alias/images',
      'x-amz-tagging': 'team=images%20%26%20more&cost=7',
    };
    expect(put?.headers).toMatchObject(expected);
    expect(create?.operation).toBe('CreateMultipartUpload');
    expect(create?.headers).toMatchObject(expected);
    for (const name of Object.keys(expected)) expect(part?.headers[name]).toBeUndefined();
  });
});

describe('credentials that expire', () => {
  it('are asked for again in the middle of an upload', async () => {
    const server = await faultyServer();
    let asked = 0;
    const credentials = async () => {
      asked += 1;
      return {
        accessKeyId: `key-${asked}`,
        secretAccessKey: 'secret',
        expiration: new Date(Date.now() + 100),
      };
    };
    const backend = await driver(server, { credentials });
    const { path } = sourceFile(16 * mebibyte);
    await uploadFile({
      backend,
      key: 'key',
      source: { path },
      crypto,
      partBytes: 5 * mebibyte,
      concurrency: 1,
    });
    const keys = new Set(
      server.requests.map(({ headers }) => /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1]),
    );
    expect(keys.size).toBeGreaterThan(1);
  });
});
