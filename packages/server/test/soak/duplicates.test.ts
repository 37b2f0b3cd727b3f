import { expect, it } from 'vitest';
import { serverProcess } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { deliverDuplicates } from './duplicates.ts';

it('700 duplicate deliveries to two servers over one database have one effect each', async () => {
  const folder = await temporaryFolder();
  try {
    const servers = [await serverProcess(folder.path), await serverProcess(folder.path)];
    const result = await deliverDuplicates({ urls: servers.map(({ url }) => url), deliveries: 700 });
    for (const server of servers) await server.end('SIGTERM');
    expect(result.faults).toEqual([]);
    expect(result.requests).toBeGreaterThan(50);
  } finally {
    await folder.remove();
  }
}, 120_000);
