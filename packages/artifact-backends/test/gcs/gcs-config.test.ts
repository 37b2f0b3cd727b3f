import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { startFaultyGcs } from '@buildstate/conformance/backend';
import { ConfigurationError } from '@buildstate/core/light';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { defaultAuthorize } from '../../src/gcs/gcs-auth.ts';
import { parseGcsUri } from '../../src/gcs/gcs-location.ts';
import { gcsOptionsFromEnvironment, openGcsBackend } from '../../src/gcs/index.ts';
import { backendOptionsFromEnvironment, openBackend } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('a gs:// URI', () => {
  it.each([
    ['gs://bucket', 'bucket', ''],
    ['gs://bucket/a/b/', 'bucket', 'a/b'],
    ['gs://bucket/with%20blank', 'bucket', 'with blank'],
  ])('%s is bucket %s with prefix "%s"', (uri, bucket, prefix) => {
    expect(parseGcsUri(uri)).toMatchObject({ bucket, prefix });
  });

  it('sets endpoint, checksums and class', () => {
    const uri = 'gs://bucket/p?endpoint=http://localhost:4443&checksums=none&class=ARCHIVE';
    const options = { endpoint: 'http://localhost:4443', checksums: 'none', storageClass: 'ARCHIVE' };
    expect(parseGcsUri(uri).options).toEqual(options);
  });

  it.each([
    ['gs:///prefix', /bucket/],
    ['gs://user:hunter2@bucket/prefix', /credentials/],
    ['gs://bucket?token=hunter2', /not "token"/],
    ['gs://bucket?class=WARM', /class/],
    ['gs://bucket?endpoint=ftp://host', /http/],
  ])('%s is refused', (uri, message) => {
    expect(() => parseGcsUri(uri)).toThrow(ConfigurationError);
    expect(() => parseGcsUri(uri)).toThrow(message);
    expect(() => parseGcsUri(uri)).not.toThrow(/hunter2/);
  });

  it('is opened as what it is', async () => {
    expect(await openBackend('gs://bucket/a?checksums=none')).toMatchObject({
      kind: 'gcs',
      uri: 'gs://bucket/a',
    });
  });
});

describe('the environment of Google Cloud', () => {
  it('names an endpoint, and an emulator that is used without credentials', () => {
    expect(gcsOptionsFromEnvironment({})).toEqual({});
    expect(gcsOptionsFromEnvironment({ BLDST_GCS_ENDPOINT: 'https://gcs.internal' })).toEqual({
      endpoint: 'https://gcs.internal',
    });
    const emulator = { endpoint: 'http://localhost:4443', token: 'none' };
    expect(gcsOptionsFromEnvironment({ STORAGE_EMULATOR_HOST: 'localhost:4443' })).toEqual(emulator);
    expect(gcsOptionsFromEnvironment({ STORAGE_EMULATOR_HOST: 'http://localhost:4443' })).toEqual(emulator);
    expect(() => gcsOptionsFromEnvironment({ BLDST_GCS_ENDPOINT: 'x' })).toThrow(/BLDST_GCS_ENDPOINT/);
  });

  it('is read for the store of a place alone', () => {
    const env = { BLDST_GCS_ENDPOINT: 'wrong', BLDST_AZURE_ENDPOINT: 'wrong', BLDST_S3_CHECKSUMS: 'wrong' };
    for (const place of ['/a/folder', 'file:///a', 'memory:', 'C:\\a']) {
      expect(backendOptionsFromEnvironment(place, env)).toEqual({});
    }
    for (const place of ['gs://bucket', 'azure-blob://account/box', 's3://bucket']) {
      expect(() => backendOptionsFromEnvironment(place, env)).toThrow(ConfigurationError);
    }
  });
});

describe('credentials of Google Cloud', () => {
  it('are refused by the store when they are wrong, and do not show in errors', async () => {
    const server = await startFaultyGcs();
    onTestFinished(() => server.stop());
    server.state.token = 'right';
    const canary = 'canary-AbCdEf0123456789';
    const backend = await openGcsBackend('gs://bucket', { endpoint: server.endpoint, token: canary });
    const failure = await backend.put('key', Buffer.from('x')).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'unauthenticated', persistence: 'permanent' });
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(canary);
    expect(
      await (await openGcsBackend('gs://bucket', { endpoint: server.endpoint, token: 'right' })).probe(),
    ).toMatchObject({
      readable: true,
      writable: true,
    });
  });

  it('that cannot be had are named, with what to do', async () => {
    const server = await startFaultyGcs();
    onTestFinished(() => server.stop());
    const token = () => Promise.reject(new Error('no account here'));
    const backend = await openGcsBackend('gs://bucket', { endpoint: server.endpoint, token });
    const put = backend.put('key', Buffer.from('x'));
    await expect(put).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(put).rejects.toThrow(/GOOGLE_APPLICATION_CREDENTIALS/);
    expect(server.requests).toHaveLength(0);
  });

  it('come from the default chain: here a file of credentials, which is asked once for a token', async () => {
    const path = join(temporaryFolder(), 'credentials.json');
    const file = {
      type: 'authorized_user',
      client_id: 'id',
      client_secret: 'secret',
      refresh_token: 'refresh',
    };
    writeFileSync(path, JSON.stringify(file));
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', path);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { GoogleAuth, UserRefreshClient } = await import('google-auth-library');
    const asked = vi
      .spyOn(UserRefreshClient.prototype, 'getRequestHeaders')
      .mockImplementation(async () => new Headers({ authorization: 'Bearer from-file' }));
    onTestFinished(() => asked.mockRestore());
    const authorize = await defaultAuthorize(async () => ({ GoogleAuth }));
    expect(await authorize()).toEqual({ authorization: 'Bearer from-file' });
    expect(asked).toHaveBeenCalledOnce();
  });

  it('need a package, which is named with the command that installs it', async () => {
    const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    const loading = defaultAuthorize(() => Promise.reject(missing));
    await expect(loading).rejects.toThrow(ConfigurationError);
    await expect(loading).rejects.toThrow('npm install google-auth-library');
  });
});
