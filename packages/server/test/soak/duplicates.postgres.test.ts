import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { expect, it } from 'vitest';
import { serverProcess } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { deliverDuplicates } from './duplicates.ts';

it('300 duplicate deliveries to two servers over one PostgreSQL have one effect each', async () => {
  const { url } = await newDatabase();
  const folder = await temporaryFolder();
  try {
    const servers = [await serverProcess(folder.path, url), await serverProcess(folder.path, url)];
    const result = await deliverDuplicates({ urls: servers.map((server) => server.url), deliveries: 300 });
    for (const server of servers) await server.end('SIGTERM');
    expect(result.faults).toEqual([]);
    expect(result.requests).toBeGreaterThan(20);
  } finally {
    await folder.remove();
  }
}, 120_000);
