import { sharedCephRgw } from '@buildstate/tooling/ceph-rgw-shared';
import { describe, expect, it } from 'vitest';

describe('sharedCephRgw', () => {
  it('gives every caller the same server, which answers as S3 does and refuses the unsigned', async () => {
    const [first, second] = await Promise.all([sharedCephRgw(), sharedCephRgw()]);
    expect(second).toEqual(first);
    expect(first.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await fetch(`${first.endpoint}/no-such-bucket`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('<Code>NoSuchBucket</Code>');
    const refused = await fetch(`${first.endpoint}/new-bucket`, { method: 'PUT' });
    expect(refused.status).toBe(403);
  }, 60_000);
});
