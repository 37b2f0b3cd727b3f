import { inspect } from 'node:util';
import {
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { ConfigurationError } from '@buildstate/core/light';
import { describe, expect, it } from 'vitest';
import { parseAzureUri } from '../../src/azure/azure-location.ts';
import { loadAzureSdk } from '../../src/azure/azure-sdk.ts';
import { type AzureOptions, azureOptionsFromEnvironment, openAzureBackend } from '../../src/azure/index.ts';
import { openBackend } from '../../src/index.ts';
import { azureTestPlace } from './azurite.ts';

const place = azureTestPlace();

describe('a URI of a place in Azure', () => {
  it.each([
    ['azure-blob://account/box', 'account', 'box', ''],
    ['azure-blob://account/box/a/b/', 'account', 'box', 'a/b'],
    ['azure-blob://account/box/with%20blank', 'account', 'box', 'with blank'],
    ['https://account.blob.core.windows.net/box/a', 'account', 'box', 'a'],
    ['https://account.blob.core.chinacloudapi.cn/box', 'account', 'box', ''],
  ])('%s is account %s, container %s with prefix "%s"', (uri, account, container, prefix) => {
    expect(parseAzureUri(uri)).toMatchObject({ account, container, prefix });
  });

  it('sets endpoint, checksums and tier', () => {
    const uri = 'azure-blob://account/box?endpoint=http://localhost:10000/account&checksums=none&tier=Cold';
    expect(parseAzureUri(uri).options).toEqual({
      endpoint: 'http://localhost:10000/account',
      checksums: 'none',
      tier: 'Cold',
    });
  });

  it.each([
    ['azure-blob://account', /a container/],
    ['azure-blob:///box', /an account/],
    ['https://example.com/box', /not a place for artifacts/],
    ['azure-blob://user:hunter2@account/box', /credentials/],
    ['https://account.blob.core.windows.net/box?sv=2022&sig=hunter2', /credentials/],
    ['azure-blob://account/box?key=hunter2', /not "key"/],
    ['azure-blob://account/box?tier=Frozen', /tier/],
    ['azure-blob://account/box?endpoint=ftp://host', /http/],
  ])('%s is refused', (uri, message) => {
    expect(() => parseAzureUri(uri)).toThrow(ConfigurationError);
    expect(() => parseAzureUri(uri)).toThrow(message);
    expect(() => parseAzureUri(uri)).not.toThrow(/hunter2/);
  });

  it('opens the same place by either scheme', async () => {
    const azure = { accountKey: 'a2V5' };
    const one = await openBackend('azure-blob://account/box/a', { azure });
    const two = await openBackend('https://account.blob.core.windows.net/box/a', { azure });
    expect([one.kind, two.kind]).toEqual(['azure-blob', 'azure-blob']);
    expect(two.uri).toBe(one.uri);
    await expect(openBackend('https://example.com/box')).rejects.toThrow(/not a place for artifacts/);
  });
});

describe('the environment of Azure', () => {
  it('sets nothing when it says nothing', () => {
    expect(Object.values(azureOptionsFromEnvironment({})).every((value) => value === undefined)).toBe(true);
  });

  it('names account, key, signature, connection string and endpoint', () => {
    const env = {
      AZURE_STORAGE_ACCOUNT: 'account',
      AZURE_STORAGE_KEY: 'a2V5',
      AZURE_STORAGE_SAS_TOKEN: 'sv=1',
      AZURE_STORAGE_CONNECTION_STRING: 'AccountName=account',
      BLDST_AZURE_ENDPOINT: 'http://localhost:10000/account',
    };
    expect(azureOptionsFromEnvironment(env)).toEqual({
      account: 'account',
      accountKey: 'a2V5',
      sasToken: 'sv=1',
      connectionString: 'AccountName=account',
      endpoint: 'http://localhost:10000/account',
    });
    expect(() => azureOptionsFromEnvironment({ BLDST_AZURE_ENDPOINT: 'x' })).toThrow(/BLDST_AZURE_ENDPOINT/);
  });
});

describe('credentials of Azure', () => {
  /** Puts, uploads in parts, lists and reads: every kind of request has to be signed. */
  async function expectAllowed(options: AzureOptions): Promise<void> {
    const backend = await openAzureBackend(place.newUri(), options);
    await backend.put('small', Buffer.from('x'));
    const upload = await backend.createUpload('large');
    const part = await backend.uploadPart(upload, { number: 1, bytes: Buffer.from('content') });
    expect(await backend.completeUpload(upload, [part])).toMatchObject({ size: 7 });
    const { body } = await backend.read('large');
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('content');
    expect(await backend.probe()).toMatchObject({ readable: true, writable: true });
  }

  it('may be a connection string', async () => {
    const { account, accountKey, endpoint } = place.azurite();
    const connectionString = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};BlobEndpoint=${endpoint};`;
    await expectAllowed({ connectionString });
    await expect(openAzureBackend('azure-blob://other/box', { connectionString })).rejects.toThrow(
      /same account/,
    );
  });

  it('may be a shared access signature, which also covers what the store copies itself', async () => {
    const { account, accountKey, endpoint } = place.azurite();
    const sasToken = generateBlobSASQueryParameters(
      {
        containerName: place.container().containerName,
        permissions: ContainerSASPermissions.parse('rwdlac'),
        protocol: SASProtocol.HttpsAndHttp,
        expiresOn: new Date(Date.now() + 3_600_000),
      },
      new StorageSharedKeyCredential(account, accountKey),
    ).toString();
    await expectAllowed({ endpoint, sasToken });
    await expectAllowed({ endpoint, sasToken: `?${sasToken}` });
  });

  it('of another account are refused', async () => {
    const options = { account: 'other', accountKey: 'a2V5' };
    await expect(openAzureBackend('azure-blob://account/box', options)).rejects.toThrow(ConfigurationError);
    await expect(openAzureBackend('azure-blob://account/box', options)).rejects.toThrow(/same account/);
  });

  it('come from the default chain when none are named; opening asks nobody', async () => {
    expect(await openAzureBackend('azure-blob://account/box')).toMatchObject({ kind: 'azure-blob' });
  });

  it('do not show in errors, however thoroughly they are printed', async () => {
    const canary = 'canary-AbCdEf0123456789';
    const { endpoint } = place.azurite();
    const cases: readonly AzureOptions[] = [
      { endpoint, accountKey: Buffer.from(canary).toString('base64') },
      { endpoint, sasToken: `sv=2022-11-02&sr=c&sp=r&se=2099-01-01T00:00:00Z&sig=${canary}` },
    ];
    for (const options of cases) {
      const backend = await openAzureBackend(place.newUri(), options);
      const upload = await backend.createUpload('key').catch((error: unknown) => error);
      expect(upload).toMatchObject({
        persistence: 'permanent',
        kind: expect.stringMatching(/^(unauthenticated|forbidden)$/),
      });
      const printed = inspect(upload, { depth: 20, showHidden: true });
      expect(printed).not.toContain(canary);
      expect(printed).not.toContain(Buffer.from(canary).toString('base64'));
    }
    const broken = openAzureBackend('azure-blob://account/box', { connectionString: `AccountKey=${canary}` });
    await expect(broken).rejects.toThrow(ConfigurationError);
    await expect(broken).rejects.not.toThrow(canary);
  });
});

describe("Azure's SDK", () => {
  it('is named with the command that installs it when it is missing', async () => {
    const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    const loading = loadAzureSdk(() => Promise.reject(missing));
    await expect(loading).rejects.toThrow(ConfigurationError);
    await expect(loading).rejects.toThrow('npm install @azure/storage-blob');
  });

  it('that is there but broken is not taken for missing', async () => {
    const broken = new Error('broken');
    await expect(loadAzureSdk(() => Promise.reject(broken))).rejects.toBe(broken);
  });
});
