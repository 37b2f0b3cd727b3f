import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { describeKeyRing, loadKeyRing } from '../../src/index.ts';

const secret = () => randomBytes(32).toString('base64url');
const now = () => Date.parse('2026-06-01T00:00:00Z');
const bytes = new TextEncoder().encode('what is signed');

it('tells ids, ages and uses of keys, oldest first, and no secret', async () => {
  const keys = [
    {
      id: 'newest',
      secret: secret(),
      created_at: '2026-05-01T00:00:00Z',
      retired_at: '2026-05-02T00:00:00Z',
    },
    { id: 'newer', secret: secret(), created_at: '2026-04-01T00:00:00Z', retired_at: '2026-07-01T00:00:00Z' },
    { id: 'old', secret: secret(), created_at: '2026-03-01T00:00:00Z' },
  ];
  const inline = JSON.stringify({ version: 1, keys });
  const described = await describeKeyRing({ inline, now });
  expect(described).toEqual([
    { id: 'old', createdAt: '2026-03-01T00:00:00Z', retiredAt: null, signs: false },
    { id: 'newer', createdAt: '2026-04-01T00:00:00Z', retiredAt: '2026-07-01T00:00:00Z', signs: true },
    { id: 'newest', createdAt: '2026-05-01T00:00:00Z', retiredAt: '2026-05-02T00:00:00Z', signs: false },
  ]);
  const ring = await loadKeyRing({ inline, now });
  expect(ring.sign(bytes).keyId).toBe('newer');
});

it('tells the derived name of a single secret', async () => {
  const single = randomBytes(32).toString('hex');
  const ring = await loadKeyRing({ single });
  expect(await describeKeyRing({ single })).toEqual([
    { id: ring.sign(bytes).keyId, createdAt: null, retiredAt: null, signs: true },
  ]);
});

it('tells that there is none', async () => {
  expect(await describeKeyRing({})).toEqual([]);
});
