import { afterEach, describe, expect, it } from 'vitest';
import { TestServer } from '../support/test-server.ts';

describe('failed authentications', () => {
  let server: TestServer | undefined;
  afterEach(async () => {
    await server?.remove();
    server = undefined;
  });

  it('are limited per address, whatever X-Forwarded-For says, and good keys still pass', async () => {
    server = await TestServer.start({ limits: { failedAuthPerMinute: 20 } });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 700; attempt++) {
      const headers = {
        'x-forwarded-for': `10.0.${attempt >> 8}.${attempt & 255}`,
        forwarded: `for=10.1.${attempt >> 8}.${attempt & 255}`,
        'x-real-ip': `10.2.${attempt >> 8}.${attempt & 255}`,
      };
      statuses.push((await server.send('/builds', { key: 'wrong', headers })).status);
    }
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401));
    expect(new Set(statuses.slice(20))).toEqual(new Set([429]));
    const refused = await server.send('/builds', { key: 'wrong' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.json()).toMatchObject({ code: 'rate_limited', status: 429 });
    expect((await server.send('/builds')).status).toBe(200);
  });

  it('are counted by the address that a trusted proxy names', async () => {
    server = await TestServer.start({ limits: { failedAuthPerMinute: 1 }, trustProxy: '127.0.0.1' });
    const from = async (address: string) =>
      (await server?.send('/builds', { key: 'wrong', headers: { 'x-forwarded-for': address } }))?.status;
    expect(await from('192.0.2.1')).toBe(401);
    expect(await from('192.0.2.1')).toBe(429);
    expect(await from('192.0.2.2')).toBe(401);
    // What stands before the proxy's own entry was written by the client, and is not believed.
    expect(await from('198.51.100.9, 192.0.2.2')).toBe(429);
  });
});
