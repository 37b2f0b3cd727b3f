import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../src/start-server.ts';
import type { Document } from './open-api.ts';

/** The OpenAPI document of a server, from a server. */
export async function servedDocument(): Promise<Document> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bldst-reference-'));
  const server = await startServer({
    port: 0,
    store: 'memory:',
    dataDir,
    noticeMs: 0,
    environment: {},
    log: { level: 'silent' },
  });
  try {
    const answer = await fetch(`${server.url}/openapi.json`);
    return (await answer.json()) as Document;
  } finally {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
