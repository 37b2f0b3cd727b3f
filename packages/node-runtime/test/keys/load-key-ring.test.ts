import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  ConfigurationError,
  KeyRingError,
  type LogFields,
  NotFoundError,
  silentLogger,
} from '@buildstate/core';
import { describe, expect, it } from 'vitest';
import { loadKeyRing, rotateKeyRing } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const bytes = new TextEncoder().encode('what is signed');
const secret = () => randomBytes(32).toString('base64url');

function ringText(...keys: readonly Record<string, unknown>[]): string {
  return JSON.stringify({ version: 1, keys });
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  return await promise.then(
    () => expect.fail('expected a rejection'),
    (error: Error) => error,
  );
}

describe('a key ring file', () => {
  it('is made on request, for its owner alone, and read again', async () => {
    const file = join(temporaryFolder(), 'keys', 'ring.json');
    const made = await loadKeyRing({ file, makeIfMissing: true });
    const again = await loadKeyRing({ file, makeIfMissing: true });
    const { keyId, signature } = made.sign(bytes);
    expect(again.verify(keyId, bytes, signature)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(file, '..'))).toEqual(['ring.json']);
  });

  it('is read where nothing can be written, since what is there is not made again', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'ring.json');
    await loadKeyRing({ file, makeIfMissing: true });
    const before = statSync(folder, { bigint: true }).mtimeNs;
    await loadKeyRing({ file, makeIfMissing: true });
    // A temporary file beside it, even one that was removed again, would have changed the folder.
    expect(statSync(folder, { bigint: true }).mtimeNs).toBe(before);
  });

  it('is made once when twenty processes start together', async () => {
    const file = join(temporaryFolder(), 'ring.json');
    const rings = await Promise.all(
      Array.from({ length: 20 }, () => loadKeyRing({ file, makeIfMissing: true })),
    );
    const ids = new Set(rings.map((ring) => ring.sign(bytes).keyId));
    expect(ids.size).toBe(1);
  });

  it('is refused when it is missing, and the error names it', async () => {
    const file = join(temporaryFolder(), 'ring.json');
    const error = await failure(loadKeyRing({ file }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toContain(file);
  });

  it('is refused when others can write it, and warned about when others can read it', async () => {
    const file = join(temporaryFolder(), 'ring.json');
    await loadKeyRing({ file, makeIfMissing: true });
    const warnings: LogFields[] = [];
    const logger = { ...silentLogger, warn: (fields: LogFields) => warnings.push(fields) };
    chmodSync(file, 0o644);
    await loadKeyRing({ file, logger });
    expect(warnings).toEqual([{ file }]);
    chmodSync(file, 0o620);
    expect((await failure(loadKeyRing({ file, logger }))).message).toContain('chmod 600');
  });
});

describe('keys of a ring', () => {
  const old = { id: 'old', secret: secret(), created_at: '2026-01-01T00:00:00Z' };
  const young = { id: 'young', secret: secret(), created_at: '2026-06-01T00:00:00Z' };

  it('sign with the newest and verify with all, whatever their order in the text', async () => {
    const before = await loadKeyRing({ inline: ringText(old) });
    const ring = await loadKeyRing({ inline: ringText(young, old) });
    expect(ring.sign(bytes).keyId).toBe('young');
    expect(ring.verify('old', bytes, before.sign(bytes).signature)).toBe(true);
    expect(ring.verify('young', bytes, before.sign(bytes).signature)).toBe(false);
    expect(ring.verify('nobody', bytes, before.sign(bytes).signature)).toBe(false);
  });

  it('stop verifying and opening in the moment in which they retire', async () => {
    let now = Date.parse('2026-07-01T00:00:00Z');
    const retiring = { ...old, retired_at: '2026-08-01T00:00:00Z' };
    const ring = await loadKeyRing({ inline: ringText(retiring), now: () => now });
    const { signature } = ring.sign(bytes);
    const box = ring.seal('value', 'record 1');
    expect(ring.verify('old', bytes, signature)).toBe(true);
    now = Date.parse('2026-08-01T00:00:00Z');
    expect(ring.verify('old', bytes, signature)).toBe(false);
    expect(() => ring.open(box, 'record 1')).toThrow(KeyRingError);
    expect(ring.available).toBe(false);
    expect(() => ring.sign(bytes)).toThrow(KeyRingError);
  });

  it('refuse every changed bit of what was signed and of the signature', async () => {
    const ring = await loadKeyRing({ inline: ringText(old) });
    const { keyId, signature } = ring.sign(bytes);
    for (let bit = 0; bit < signature.length * 8; bit += 7) {
      const changed = Uint8Array.from(signature);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(ring.verify(keyId, bytes, changed)).toBe(false);
    }
    expect(ring.verify(keyId, bytes.subarray(1), signature)).toBe(false);
    expect(ring.verify(keyId, bytes, signature.subarray(1))).toBe(false);
    expect(ring.verify(keyId, bytes, new Uint8Array(0))).toBe(false);
  });

  it('sign as HMAC-SHA256 over a subkey by HKDF-SHA256 (vector from Python)', async () => {
    // hmac.new(hkdf(bytes(range(32)), b'', b'buildstate/v1/sign', 32), b'what is signed', sha256)
    const secretBytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
    const known = {
      id: 'known',
      secret: secretBytes.toString('base64url'),
      created_at: '2026-01-01T00:00:00Z',
    };
    const ring = await loadKeyRing({ inline: ringText(known) });
    expect(Buffer.from(ring.sign(bytes).signature).toString('hex')).toBe(
      'bb174244fa61bc68f3249a1333325dcdacabb121b60f841c08ecc6484f3c74e7',
    );
  });
});

describe('deriving', () => {
  it('gives the same bytes for the same purpose and key alone, on every machine with the ring', async () => {
    const keys = ['a', 'b'].map((id) => ({ id, secret: secret(), created_at: '2026-01-01' }));
    const [one, other] = [
      await loadKeyRing({ inline: ringText(...keys) }),
      await loadKeyRing({ inline: ringText(...keys) }),
    ];
    const newest = one.derive('x');
    expect(newest).toEqual({ keyId: 'b', bytes: expect.any(Uint8Array) });
    expect(newest?.bytes).toHaveLength(32);
    expect(other.derive('x', 'b')).toEqual(newest);
    const all = [newest, one.derive('y'), one.derive('x', 'a')].map((key) =>
      Buffer.from(key?.bytes ?? []).toString('hex'),
    );
    expect(new Set(all).size).toBe(3);
    expect(Buffer.from(one.sign(Buffer.from('x')).signature)).not.toEqual(Buffer.from(newest?.bytes ?? []));
    expect(one.derive('x', 'c')).toBeUndefined();
    const retired = ringText({ ...(keys[0] ?? keys[1]), retired_at: '2026-02-01' } as Parameters<
      typeof ringText
    >[0]);
    expect(
      (await loadKeyRing({ inline: retired, now: () => Date.parse('2026-03-01') })).derive('x'),
    ).toBeUndefined();
  });
});

describe('sealing', () => {
  it('opens with the same context only', async () => {
    const ring = await loadKeyRing({
      inline: ringText({ id: 'a', secret: secret(), created_at: '2026-01-01' }),
    });
    const box = ring.seal('pässword ✓', 'build 1, variable x');
    expect(ring.open(box, 'build 1, variable x')).toBe('pässword ✓');
    expect(JSON.stringify(box)).not.toContain('ssword');
    expect(() => ring.open(box, 'build 2, variable x')).toThrow(KeyRingError);
  });

  it('never makes the same box twice', async () => {
    const ring = await loadKeyRing({
      inline: ringText({ id: 'a', secret: secret(), created_at: '2026-01-01' }),
    });
    const boxes = new Set(Array.from({ length: 200 }, () => ring.seal('same', 'same').ciphertext));
    expect(boxes.size).toBe(200);
  });

  it('refuses changed, cut and foreign boxes', async () => {
    const ring = await loadKeyRing({
      inline: ringText({ id: 'a', secret: secret(), created_at: '2026-01-01' }),
    });
    const other = await loadKeyRing({
      inline: ringText({ id: 'b', secret: secret(), created_at: '2026-01-01' }),
    });
    const box = ring.seal('value', 'c');
    const flipped = Buffer.from(box.ciphertext, 'base64url');
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    const broken = [
      { ...box, ciphertext: flipped.toString('base64url') },
      { ...box, ciphertext: box.ciphertext.slice(0, 8) },
      { ...box, ciphertext: `${box.ciphertext}=` },
      { ...box, nonce: '' },
      { ...box, nonce: other.seal('value', 'c').nonce },
      { ...box, keyId: 'b' },
      { ...box, algorithm: 'AES-256-CTR' as 'AES-256-GCM' },
    ];
    for (const changed of broken) expect(() => ring.open(changed, 'c')).toThrow(KeyRingError);
    expect(() => other.open(box, 'c')).toThrow(KeyRingError);
  });
});

describe('secrets', () => {
  const weak = [
    '',
    ' ',
    'changeme',
    'Change-Me!',
    'secret',
    'password',
    'test',
    'short',
    'changemechangemechangemechangemechangemechangeme',
    'please-change-me-to-something-long-and-quite-random-ok',
    'a'.repeat(64),
    '0123456789'.repeat(8),
    randomBytes(31).toString('hex'),
    randomBytes(16).toString('base64url'),
  ];

  it.each(weak)('refuses %j as the single key', async (single) => {
    const error = await failure(loadKeyRing({ single }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toContain('ARTIFACT_SIGNING_KEY');
    if (single.length > 6) expect(error.message).not.toContain(single);
  });

  it('accepts random ones in the usual spellings', async () => {
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      const ring = await loadKeyRing({ single: randomBytes(32).toString(encoding) });
      expect(ring.available).toBe(true);
    }
  });

  it('accepts weak ones in development, but never an empty one', async () => {
    expect((await loadKeyRing({ single: 'secret', allowWeak: true })).available).toBe(true);
    expect(await failure(loadKeyRing({ single: '', allowWeak: true }))).toBeInstanceOf(ConfigurationError);
  });

  it('give the single key the same id everywhere, from which the secret cannot be told', async () => {
    const single = secret();
    const [one, two] = [await loadKeyRing({ single }), await loadKeyRing({ single: ` ${single}\n` })];
    expect(one.sign(bytes)).toEqual(two.sign(bytes));
    expect(one.sign(bytes).keyId).toMatch(/^single-[0-9a-f]{16}$/);
  });

  it('never show in a printed ring, an error or its causes', async () => {
    const canary = secret();
    const ring = await loadKeyRing({
      inline: ringText({ id: 'a', secret: canary, created_at: '2026-01-01' }),
    });
    const shown = [inspect(ring, { showHidden: true, depth: 9 }), JSON.stringify(ring)];
    const broken = [
      `{"version":1,"keys":[{"secret":"${canary}"`,
      ringText({ id: canary.repeat(3), secret: canary }),
    ];
    for (const inline of broken) {
      const error = await failure(loadKeyRing({ inline }));
      shown.push(inspect(error, { depth: 9 }));
    }
    for (const text of shown) expect(text).not.toContain(canary);
  });

  it('are refused when they come from two places, and the error names both', async () => {
    const error = await failure(loadKeyRing({ single: secret(), inline: ringText() }));
    expect(error.message).toContain('BLDST_KEYRING and ARTIFACT_SIGNING_KEY');
  });

  it('are not needed: an empty ring is not available and cannot sign', async () => {
    const ring = await loadKeyRing();
    expect(ring.available).toBe(false);
    expect(() => ring.seal('a', 'b')).toThrow(KeyRingError);
  });
});

describe('rotation', () => {
  it('signs with a new key and goes on verifying with the old one', async () => {
    const file = join(temporaryFolder(), 'ring.json');
    const before = await loadKeyRing({ file, makeIfMissing: true });
    const signed = before.sign(bytes);
    const added = await rotateKeyRing(file);
    const after = await loadKeyRing({ file });
    expect(after.sign(bytes).keyId).toBe(added);
    expect(after.verify(signed.keyId, bytes, signed.signature)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('retires the keys it is told to', async () => {
    const file = join(temporaryFolder(), 'ring.json');
    const signed = (await loadKeyRing({ file, makeIfMissing: true })).sign(bytes);
    await rotateKeyRing(file, { retire: [signed.keyId] });
    expect((await loadKeyRing({ file })).verify(signed.keyId, bytes, signed.signature)).toBe(false);
  });

  it('refuses to retire a key that is not there, and changes nothing', async () => {
    const file = join(temporaryFolder(), 'ring.json');
    await loadKeyRing({ file, makeIfMissing: true });
    const before = readFileSync(file, 'utf8');
    const error = await failure(rotateKeyRing(file, { retire: ['k-nobody'] }));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('loses no key when two rotate at once: the second is told to wait', async () => {
    const file = join(temporaryFolder(), 'ring.json');
    await loadKeyRing({ file, makeIfMissing: true });
    const results = await Promise.allSettled([rotateKeyRing(file), rotateKeyRing(file)]);
    const added = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const text = readFileSync(file, 'utf8');
    expect(added.length).toBeGreaterThan(0);
    for (const id of added) expect(text).toContain(id);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(ConfigurationError);
    }
  });

  it('says that the process which left a lock behind has ended', async () => {
    const file = join(temporaryFolder(), 'ring.json');
    await loadKeyRing({ file, makeIfMissing: true });
    const { currentIdentity } = await import('../../src/index.ts');
    writeFileSync(`${file}.lock`, JSON.stringify({ ...currentIdentity(), processStartedAt: '1' }));
    const error = await failure(rotateKeyRing(file));
    expect(error.message).toMatch(/has ended.*\.lock/);
  });
});
