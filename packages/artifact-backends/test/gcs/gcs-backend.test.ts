import {
  describeArtifactBackend,
  type FaultyGcsServer,
  startFaultyGcs,
} from '@buildstate/conformance/backend';
import { afterAll, beforeAll } from 'vitest';
import { type GcsOptions, openGcsBackend } from '../../src/gcs/index.ts';

let server: FaultyGcsServer;
let places = 0;

beforeAll(async () => {
  server = await startFaultyGcs();
});
afterAll(() => server.stop());

function describeProfile(name: string, options: GcsOptions): void {
  describeArtifactBackend(
    `Google Cloud Storage in this process, ${name}`,
    async () => {
      places += 1;
      const uri = `gs://bucket/place ${places}/below`;
      const open = () => openGcsBackend(uri, { endpoint: server.endpoint, token: 'token', ...options });
      return { backend: await open(), reopen: open, cleanup: async () => server.state.objects.clear() };
    },
    { conditionalPut: true, resumableUploads: true },
  );
}

describeProfile('as it is used by default', {});
describeProfile('without checksums, in a colder class', { checksums: 'none', storageClass: 'NEARLINE' });
