import { join } from 'node:path';
import type { Tracker } from '@buildstate/core';
import Fastify from 'fastify';
import { createApp } from '../../src/app/create-app.ts';
import { compose } from '../../src/composition/compose.ts';
import { resolveOptions } from '../../src/config.ts';
import { createLogger } from '../../src/log/create-logger.ts';

/**
 * A server under load, in a process of its own: `target.ts <kind> <folder> [store]`. Prints its port.
 * - `framework`: bare Fastify, its own JSON parser, a constant answer of the same size
 * - `door`: the whole app, with a tracker that answers a constant
 * - `memory`, `sqlite`, `store`: the whole server on that store, the last on the one that is named
 */
const [kind = 'framework', folder = '', named] = process.argv.slice(2);

const constant = {
  id: '01a1fc67-af12-766c-9ea3-1eb2749c06fc',
  buildId: '019aa000-0000-7000-8000-000000000001',
  eventId: '01a1fc67-af10-7421-8019-0284496315a4',
  state: 25,
  stateName: 'security-baseline',
  attempt: 1,
  status: 'completed',
  message: 'Packages installed',
  startTime: '2026-11-21T04:40:15.868Z',
  startInferred: true,
  endTime: '2026-11-21T04:40:15.889Z',
  durationSeconds: 0.021,
  errorMessage: null,
  errorCode: null,
  errorCategory: null,
  component: null,
  errorDetails: null,
  retryCount: 0,
  reportedBy: 'bench',
  jobId: null,
  leaseToken: null,
  artifactStorageType: null,
  artifactStoragePath: null,
  artifactSizeBytes: null,
  artifactChecksum: null,
  artifactMetadata: null,
  metadata: {},
  createdAt: '2026-11-21T04:40:15.889Z',
  buildStatus: 'running',
  currentState: 25,
  lastSuccessfulState: 25,
  failedState: null,
  retryDecision: null,
  artifactId: null,
  warnings: [],
};

async function framework(): Promise<number> {
  const app = Fastify();
  app.post('/builds/:build_id/state', async (_request, reply) => {
    reply.code(201);
    return constant;
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as { port: number }).port;
}

async function whole(): Promise<number> {
  const store = named ?? (kind === 'sqlite' ? `sqlite://${join(folder, 'bench.db')}` : 'memory:');
  // One key for all: servers over one database must have the same ring.
  const environment = { ARTIFACT_SIGNING_KEY: 'known to everybody, for benches' };
  const options = resolveOptions({ dev: true, store, dataDir: folder, environment });
  // Lines are made and written as in production; the file is thrown away.
  const logger = createLogger({ level: 'info' });
  const composition = await compose(options, logger);
  const answering: Tracker = { ...composition.tracker, perform: async () => ({ body: constant }) as never };
  const tracker = kind === 'door' ? answering : composition.tracker;
  const app = await createApp({ ...composition.parts, tracker });
  await app.listen({ port: 0, host: '127.0.0.1' });
  composition.parts.lifecycle.ready();
  return (app.server.address() as { port: number }).port;
}

const port = kind === 'framework' ? await framework() : await whole();
process.stdout.write(`${port}\n`);
// Asked how much it has worked so far: microseconds of CPU time.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
// An orderly end, so that profiles (`--cpu-prof`) are written.
process.once('SIGINT', () => process.exit());
