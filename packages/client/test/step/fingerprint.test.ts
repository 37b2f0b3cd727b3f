import { describe, expect, it } from 'vitest';
import {
  changedInputs,
  fingerprint,
  fingerprintField,
  recordedFingerprint,
  type StepInputs,
} from '../../src/step/inputs/fingerprint.ts';

const inputs: StepInputs = {
  command: ['packer', 'build', 'base.hcl'],
  files: { 'base.hcl': 'aa', 'http/ks.cfg': 'bb' },
  needs: { 'base-image': 'sha256:cc' },
  variables: { region: 'value eu-west-1' },
  products: { image: 'out/base.img' },
};

describe('the fingerprint of a step', () => {
  it('is the same for the same inputs in any order', () => {
    const turned = { ...inputs, files: { 'http/ks.cfg': 'bb', 'base.hcl': 'aa' } };
    expect(fingerprint(turned).digest).toBe(fingerprint(inputs).digest);
    expect(changedInputs(fingerprint(inputs), fingerprint(turned))).toEqual([]);
  });

  it.each<[string, Partial<StepInputs>, string[]]>([
    ['another command', { command: ['packer', 'build', 'base.hcl', '-force'] }, ['the command changed']],
    ['an argument that moves', { command: ['packer build', 'base.hcl'] }, ['the command changed']],
    ['a file that changes', { files: { ...inputs.files, 'base.hcl': 'zz' } }, ['base.hcl changed']],
    ['a new file', { files: { ...inputs.files, 'b.cfg': 'dd' } }, ['b.cfg is new']],
    ['a file that goes', { files: { 'base.hcl': 'aa' } }, ['http/ks.cfg is gone']],
    ['another artifact', { needs: { 'base-image': 'sha256:dd' } }, ['the artifact "base-image" changed']],
    ['a need that is left out', { needs: {} }, ['the artifact "base-image" is no longer needed by the step']],
    [
      'a variable that is left out',
      { variables: {} },
      ['the variable region is no longer declared by the step'],
    ],
    ['another product', { products: { image: 'out/other.img' } }, ['what the step makes changed']],
    ['another variable', { variables: { region: 'value us-east-1' } }, ['the variable region changed']],
  ])('tells of %s', (_, change, expected) => {
    const now = fingerprint({ ...inputs, ...change });
    expect(changedInputs(fingerprint(inputs), now).map(({ text }) => text)).toEqual(expected);
    expect(now.digest).not.toBe(fingerprint(inputs).digest);
  });

  it('holds no value of a variable and no argument', () => {
    const text = JSON.stringify(fingerprint(inputs));
    expect(text).not.toContain('eu-west-1');
    expect(text).not.toContain('packer');
  });

  it('stays small with very many files, and still notices a change', () => {
    const many = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`file-${index}`, `${index}`]),
    );
    const before = fingerprint({ ...inputs, files: many });
    expect(JSON.stringify(before).length).toBeLessThan(10_000);
    const after = fingerprint({ ...inputs, files: { ...many, 'file-7': 'other' } });
    expect(changedInputs(before, after)).toMatchObject([
      { kind: 'file', name: '*', text: 'the set of input files changed' },
    ]);
  });

  it('is read back from the metadata of an attempt, and nothing else is taken for one', () => {
    const print = fingerprint(inputs);
    const metadata = JSON.parse(JSON.stringify({ [fingerprintField]: print, mine: 1 }));
    expect(recordedFingerprint(metadata)).toEqual(print);
    expect(recordedFingerprint({})).toBeUndefined();
    expect(recordedFingerprint({ [fingerprintField]: { digest: 'x' } })).toBeUndefined();
    expect(recordedFingerprint({ [fingerprintField]: 'x' })).toBeUndefined();
  });
});
