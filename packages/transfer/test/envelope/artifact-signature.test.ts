import { randomBytes } from 'node:crypto';
import { makeArtifact } from '@buildstate/conformance';
import { loadKeyRing } from '@buildstate/node-runtime';
import { describe, expect, it } from 'vitest';
import { artifactSigner, checkArtifactSignature } from '../../src/index.ts';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const ring = await loadKeyRing({ single: randomBytes(32).toString('hex') });
const other = await loadKeyRing({ single: randomBytes(32).toString('hex') });
const unsigned = makeArtifact('b', {
  checksum: 'ab'.repeat(32),
  checksumAlgorithm: 'sha256',
  sizeBytes: 7,
  expiresAt: null,
});
/** The same text with another first character, whichever the first was. */
const otherFirst = (start: string) => `"signature":"${start.endsWith('A') ? 'B' : 'A'}`;
const signed = { ...unsigned, signature: artifactSigner(ring, () => now)(unsigned) };

describe('signatures of artifact records', () => {
  it('hold for what was signed', () => {
    expect(signed.signature).not.toBeNull();
    checkArtifactSignature(signed, ring, now);
  });

  it.each([
    ['another digest', { checksum: 'cd'.repeat(32) }],
    ['another size', { sizeBytes: 8 }],
    ['no digest', { checksum: null }],
    ['another name', { artifactName: 'other' }],
    ['another build', { buildId: 'c' }],
    ['another state', { stateCode: 99 }],
    ['a changed signature', { signature: `${signed.signature}`.replace(/"signature":"./, otherFirst) }],
  ])('fail for %s', (_, change) => {
    expect(() => checkArtifactSignature({ ...signed, ...change }, ring, now)).toThrow(/[Ss]ignature/);
  });

  it('fail for a ring that does not know the key', () => {
    expect(() => checkArtifactSignature(signed, other, now)).toThrow(/unknown or retired/);
  });

  it('are not made for bytes that are not known by SHA-256 and size', () => {
    const sign = artifactSigner(ring, () => now);
    expect(sign({ ...unsigned, checksumAlgorithm: 'md5' })).toBeNull();
    expect(sign({ ...unsigned, sizeBytes: null })).toBeNull();
    checkArtifactSignature(unsigned, ring, now);
  });
});
