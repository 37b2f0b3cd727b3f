import { IntegrityError, NotFoundError } from '@buildstate/core';
import { describe, expect, it } from 'vitest';
import type { Product } from '../../src/step/definition.ts';
import { resolveNeeds } from '../../src/step/needs/resolve-needs.ts';
import type { KnownArtifact } from '../../src/step/state/memory.ts';

let count = 0;
function artifact(fields: Partial<KnownArtifact>): KnownArtifact {
  count += 1;
  return {
    id: `id-${count}`,
    artifactName: 'image',
    stateCode: 10,
    version: 1,
    artifactPath: 'file:///x',
    sizeBytes: 1,
    checksum: 'aa',
    checksumAlgorithm: 'sha256',
    isResumable: true,
    expiresAt: null,
    verificationStatus: 'stored',
    metadata: {},
    deletedAt: null,
    ...fields,
  };
}
const step = { state: 25, produces: [] as Product[], needs: [{ name: 'image' }] };
const found = (artifacts: readonly KnownArtifact[], wanting = step) =>
  resolveNeeds(wanting, artifacts)[0]?.artifact;

describe('the artifact that a step needs', () => {
  it('is the newest of the states before it', () => {
    const newest = artifact({ stateCode: 20 });
    expect(found([artifact({}), newest, artifact({ stateCode: 30 }), artifact({ version: 2 })])).toBe(newest);
  });

  it('is the latest version of its state', () => {
    const newest = artifact({ version: 2 });
    expect(found([newest, artifact({ version: 1 })])).toBe(newest);
  });

  it('is not what the step itself made at an earlier try', () => {
    const before = artifact({});
    const own = artifact({ stateCode: 25, version: 2 });
    const makesIt = { ...step, produces: [{ name: 'image', path: 'x' }] };
    expect(found([before, own], makesIt)).toBe(before);
    expect(found([before, own])).toBe(own);
  });

  it.each<[string, Partial<KnownArtifact>]>([
    ['was rolled back', { isResumable: false }],
    ['is missing', { verificationStatus: 'missing' }],
    ['was deleted', { deletedAt: '2026-01-01T00:00:00.000Z' }],
    ['has another name', { artifactName: 'other' }],
  ])('is not one that %s', (_, fields) => {
    expect(() => found([artifact(fields)])).toThrow(NotFoundError);
  });

  it('is named as corrupt when its bytes are damaged, with what to do', () => {
    const damaged = artifact({ verificationStatus: 'corrupt' });
    expect(() => found([damaged])).toThrow(IntegrityError);
    expect(() => found([damaged])).toThrow(/"image" of state 10.*is corrupt.*run state 10 again/);
    expect(() => found([artifact({ verificationStatus: 'missing' })])).toThrow(
      /is missing.*run state 10 again/,
    );
  });

  it('is missed with the names of those that are there', () => {
    expect(() => found([artifact({ artifactName: 'kernel' })])).toThrow(/"image".*There are: kernel/s);
  });
});
