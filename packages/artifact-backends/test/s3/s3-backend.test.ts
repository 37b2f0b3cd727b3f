import { describeArtifactBackend, type FaultyS3Server, startFaultyS3 } from '@buildstate/conformance/backend';
import { afterAll, beforeAll } from 'vitest';
import { openS3Backend, type S3Options } from '../../src/s3/index.ts';

let server: FaultyS3Server;
let places = 0;

beforeAll(async () => {
  server = await startFaultyS3();
});
afterAll(() => server.stop());

function describeProfile(name: string, options: Omit<S3Options, 'endpoint'>): void {
  describeArtifactBackend(
    `S3 in this process, ${name}`,
    async () => {
      places += 1;
      const uri = `s3://bucket/place ${places}/below`;
      const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
      const open = () => openS3Backend(uri, { ...options, endpoint: server.endpoint, credentials });
      return { backend: await open(), reopen: open, cleanup: async () => server.state.objects.clear() };
    },
    { conditionalPut: true, resumableUploads: true },
  );
}

describeProfile('without checksums', {});
describeProfile('with CRC32 and signed payloads', { checksums: 'crc32', payload: 'signed' });
