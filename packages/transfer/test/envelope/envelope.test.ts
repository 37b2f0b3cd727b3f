import { randomBytes } from 'node:crypto';
import type { KeyRing } from '@buildstate/core';
import { IntegrityError, KeyRingError, ValidationError } from '@buildstate/core/light';
import { loadKeyRing } from '@buildstate/node-runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ArtifactPayload, signEnvelope, verifyEnvelope } from '../../src/index.ts';
import vectors from './vectors/vectors.json' with { type: 'json' };

const now = Date.parse('2026-11-21T00:00:00Z');
const payload: ArtifactPayload = {
  sha256: 'ab'.repeat(32),
  size_bytes: 1234,
  created_at: '2026-11-20T00:00:00Z',
  expires_at: '2026-12-01T00:00:00Z',
  build_id: 'build',
  state_code: 25,
  name: 'disk',
  metadata: { any: ['thing', 1] },
};

const decode = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string>;
const encode = (text: string) => new TextEncoder().encode(text);
const json = (value: unknown) => encode(JSON.stringify(value));

function ring(id = 'k1', more: Record<string, unknown> = {}): Promise<KeyRing> {
  const key = {
    id,
    secret: randomBytes(32).toString('base64url'),
    created_at: '2026-01-01T00:00:00Z',
    ...more,
  };
  return loadKeyRing({ inline: JSON.stringify({ version: 1, keys: [key] }) });
}

const keys = await ring();
const good = signEnvelope(payload, keys);

/** An envelope around any payload text, signed properly: what a writer with the key but bad manners makes. */
function signedText(text: string): Uint8Array {
  const body = Buffer.from(text).toString('base64url');
  const covered = encode(['buildstate-artifact-v1', 'HMAC-SHA256', 'k1', body].join('\n'));
  const signature = Buffer.from(keys.sign(covered).signature).toString('base64url');
  return json({ kid: 'k1', alg: 'HMAC-SHA256', payload: body, signature });
}

describe('an envelope', () => {
  it('says what was signed', () => {
    expect(verifyEnvelope(good, keys, { now })).toEqual(payload);
    expect(Object.keys(decode(good))).toEqual(['kid', 'alg', 'payload', 'signature']);
  });

  it('is refused when any single bit of it is changed', () => {
    for (let bit = 0; bit < good.length * 8; bit += 1) {
      const changed = Uint8Array.from(good);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => verifyEnvelope(changed, keys, { now }), `bit ${bit}`).toThrow(IntegrityError);
    }
  });

  it('is refused when it is cut or followed by anything', () => {
    for (const length of [0, 1, good.length - 1]) {
      expect(() => verifyEnvelope(good.subarray(0, length), keys, { now })).toThrow(IntegrityError);
    }
    expect(() => verifyEnvelope(Buffer.concat([good, good]), keys, { now })).toThrow(IntegrityError);
  });

  it('is refused for every other algorithm, and for none', () => {
    const algorithms = [
      'none',
      'None',
      '',
      'HS256',
      'HMAC-SHA1',
      'hmac-sha256',
      'RS256',
      null,
      undefined,
      ['HMAC-SHA256'],
    ];
    for (const alg of algorithms) {
      expect(() => verifyEnvelope(json({ ...decode(good), alg }), keys, { now })).toThrow(IntegrityError);
    }
  });

  it('is refused for unknown, missing and other keys', async () => {
    const other = await ring();
    expect(() => verifyEnvelope(good, other, { now })).toThrow(/signature/);
    for (const kid of ['k2', '', '__proto__', undefined, 1]) {
      expect(() => verifyEnvelope(json({ ...decode(good), kid }), keys, { now })).toThrow(IntegrityError);
    }
    expect(() => verifyEnvelope(good, keys, { now })).not.toThrow();
  });

  it('is refused without a signature, and with one over something else', () => {
    const { payload: text = '', signature: _, ...unsigned } = decode(good);
    const overPayload = Buffer.from(keys.sign(encode(text)).signature).toString('base64url');
    for (const signature of [undefined, '', overPayload, `${decode(good).signature}=`]) {
      const envelope = json({ ...unsigned, payload: text, signature });
      expect(() => verifyEnvelope(envelope, keys, { now })).toThrow(IntegrityError);
    }
  });

  it('is refused with fields that it should not have, or twice the same', () => {
    const text = new TextDecoder().decode(good);
    const broken = [
      JSON.stringify({ ...decode(good), extra: 1 }),
      text.replace('{', '{"alg":"none",'),
      text.replace('{', '{"\\u0061lg":"HMAC-SHA256",'),
      `[${text}]`,
      'null',
      '"text"',
      `\ufeff${text}`,
    ];
    for (const envelope of broken)
      expect(() => verifyEnvelope(encode(envelope), keys, { now })).toThrow(IntegrityError);
  });

  it('is refused once its artifact has expired, to the millisecond', () => {
    const expiry = Date.parse(payload.expires_at ?? '');
    expect(() => verifyEnvelope(good, keys, { now: expiry - 1 })).not.toThrow();
    expect(() => verifyEnvelope(good, keys, { now: expiry })).toThrow(/has expired/);
  });

  it('is refused when it speaks of another artifact than expected', () => {
    const expected = {
      now,
      sha256: payload.sha256,
      size_bytes: 1234,
      build_id: 'build',
      state_code: 25,
      name: 'disk',
    };
    expect(() => verifyEnvelope(good, keys, expected)).not.toThrow();
    const others = {
      sha256: 'cd'.repeat(32),
      size_bytes: 1235,
      build_id: 'other',
      state_code: 10,
      name: 'x',
      attempt: 1,
    };
    for (const [field, value] of Object.entries(others)) {
      expect(() => verifyEnvelope(good, keys, { ...expected, [field]: value }), field).toThrow(
        IntegrityError,
      );
    }
  });

  it('is refused when its key has retired', async () => {
    let time = now;
    const secret = randomBytes(32).toString('base64url');
    const key = { id: 'k', secret, created_at: '2026-01-01T00:00:00Z', retired_at: '2026-11-22T00:00:00Z' };
    const inline = JSON.stringify({ version: 1, keys: [key] });
    const retiring = await loadKeyRing({ inline, now: () => time });
    const envelope = signEnvelope(payload, retiring);
    verifyEnvelope(envelope, retiring, { now });
    time = Date.parse('2026-11-22T00:00:00Z');
    expect(() => verifyEnvelope(envelope, retiring, { now })).toThrow(IntegrityError);
  });
});

describe('a signed payload is refused all the same', () => {
  const text = JSON.stringify(payload);
  const depth = `${'['.repeat(100)}${']'.repeat(100)}`;

  it('unless it is one, for comparison', () => {
    expect(verifyEnvelope(signedText(text), keys, { now })).toEqual(payload);
  });

  it.each([
    ['doubled keys', text.replace('{', '{"size_bytes":1,')],
    ['keys doubled by an escape', text.replace('{', '{"size\\u005fbytes":1,')],
    ['keys doubled deep inside', text.replace('["thing",1]', '[{"a":1,"a":2}]')],
    [
      'keys doubled with blanks before the colon',
      text.replace('["thing",1]', `{"a":1,"a"${' '.repeat(200)}:2}`),
    ],
    ['the key __proto__', text.replace('"any"', '"__proto__"')],
    ['half a surrogate pair', text.replace('thing', '\\ud800')],
    ['too deep nesting', text.replace('["thing",1]', depth)],
    ['an unknown field', text.replace('{', '{"is_admin":true,')],
    ['a size that is a text', text.replace('1234', '"1234"')],
    ['a negative size', text.replace('1234', '-1')],
    ['a size beyond exact numbers', text.replace('1234', '9007199254740993')],
    ['a digest in capitals', text.replaceAll('ab', 'AB')],
    ['a time without zone', text.replace('2026-11-20T00:00:00Z', '2026-11-20T00:00:00')],
    ['an expiry that is no time', text.replace('2026-12-01T00:00:00Z', 'never')],
    ['a list', `[${text}]`],
    ['no JSON', 'text'],
  ])('for %s', (_, changed) => {
    expect(changed).not.toBe(text);
    expect(() => verifyEnvelope(signedText(changed), keys, { now })).toThrow(IntegrityError);
  });
});

describe('signing', () => {
  it('refuses what could not be verified', () => {
    const wrong = { ...payload, sha256: 'short' };
    expect(() => signEnvelope(wrong, keys)).toThrow(ValidationError);
    expect(() => signEnvelope({ ...payload, other: 1 } as ArtifactPayload, keys)).toThrow(/other/);
    expect(() => signEnvelope({ ...payload, name: '\ud800' }, keys)).toThrow(IntegrityError);
  });

  it('needs a key', async () => {
    const empty = await loadKeyRing();
    expect(() => signEnvelope(payload, empty)).toThrow(KeyRingError);
  });

  it('makes envelopes that verify, for any metadata', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (metadata) => {
        const signed = { ...payload, metadata: JSON.parse(JSON.stringify(metadata)) };
        if (JSON.stringify(signed).includes('__proto__')) return;
        expect(verifyEnvelope(signEnvelope(signed, keys), keys, { now })).toEqual(signed);
      }),
    );
  });
});

describe('envelopes made by a Python program', () => {
  const inline = JSON.stringify({
    version: 1,
    keys: [{ id: vectors.kid, secret: vectors.secret, created_at: '2026-01-01T00:00:00Z' }],
  });

  it.each(vectors.envelopes)('verify: $name', async ({ envelope, payload: expected }) => {
    expect(verifyEnvelope(encode(envelope), await loadKeyRing({ inline }), { now })).toEqual(expected);
  });
});
