import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newToken } from '../../src/access/new-token.ts';
import { covers, scopes, timestamp } from '../../src/index.ts';
import { epoch, hashing } from '../support/simulation.ts';

const fields = {
  name: 'ci',
  scopes: ['read'],
  projectId: null,
  expiresAt: null,
  createdBy: 'me',
  createdAt: timestamp(epoch),
} as const;

const make = (random: (length: number) => Uint8Array = randomBytes) =>
  newToken({ ...hashing, random }, fields);

describe('a new key', () => {
  it('is bldst_<16 hexadecimal digits>_<256 random bits in base64url>', () => {
    for (let i = 0; i < 100; i++) expect(make().key).toMatch(/^bldst_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
  });

  it.each([0, 1, 0xa5, 0xff])('writes bytes of %i as base64url does', (byte) => {
    const { key } = make((length) => new Uint8Array(length).fill(byte));
    expect(key).toBe(
      `bldst_${Buffer.alloc(8, byte).toString('hex')}_${Buffer.alloc(32, byte).toString('base64url')}`,
    );
  });

  it('is stored as the SHA-256 of its secret, never as itself', () => {
    const { key, token } = make();
    const [, id, ...rest] = key.split('_');
    const secret = rest.join('_');
    expect(token).toEqual({
      ...fields,
      id,
      hash: createHash('sha256').update(secret).digest('hex'),
      lastUsedAt: null,
      revokedAt: null,
    });
    expect(JSON.stringify(token)).not.toContain(secret);
  });

  it('asks the generator for every bit', () => {
    const lengths: number[] = [];
    make((length) => {
      lengths.push(length);
      return randomBytes(length);
    });
    expect(lengths.sort((a, b) => a - b)).toEqual([8, 32]);
  });
});

it('lets admin do what write may, and write what read may; no scope may nothing', () => {
  const matrix = scopes.map((granted) => scopes.map((wanted) => covers([granted], wanted)));
  expect(matrix).toEqual([
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ]);
  expect(scopes.map((wanted) => covers([], wanted))).toEqual([false, false, false]);
});
