import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startFaultyS3 } from '@buildstate/conformance/backend';
import { openBackend } from '../../src/index.ts';
import type { KilledStore } from './kill-uploads.ts';

/** A store for uploads that are killed; whoever opened it closes it. */
export interface OpenStore extends KilledStore {
  close(): Promise<void>;
}

async function folderStore(folder: string): Promise<OpenStore> {
  const place = pathToFileURL(join(folder, 'store')).href;
  const backend = await openBackend(place);
  return { reach: { place }, backend, close: () => backend.close() };
}

/** The project's own S3 server, which takes parts of any size here. */
async function s3Store(): Promise<OpenStore> {
  const server = await startFaultyS3({ minPartBytes: 1 });
  const place = 's3://bucket/prefix';
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
  const s3 = { endpoint: server.endpoint, region: 'us-east-1', credentials };
  const backend = await openBackend(place, { s3 });
  return {
    reach: { place, s3 },
    backend,
    async close() {
      await backend.close();
      await server.stop();
    },
  };
}

/** Opens a store by the word that it has on the command line: `folder` or `s3`. */
export function killedStore(kind: string, folder: string): Promise<OpenStore> {
  if (kind !== 'folder' && kind !== 's3') throw new Error(`There is no store "${kind}": it is folder or s3.`);
  return kind === 's3' ? s3Store() : folderStore(folder);
}
