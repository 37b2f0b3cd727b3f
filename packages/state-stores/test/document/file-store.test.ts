import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStateStore } from '@buildstate/conformance';
import { DocumentStore, FileDriver } from '@buildstate/state-stores/document';

describeStateStore(
  'files',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'buildstate-files-'));
    return {
      connect: () => new DocumentStore(new FileDriver(folder)),
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  },
  { capabilities: { shared: true, durable: true, sql: false, globalStream: false } },
);
