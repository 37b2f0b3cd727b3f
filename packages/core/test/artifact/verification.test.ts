import { expect, it } from 'vitest';
import { decideVerification } from '../../src/artifact/decide-change.ts';
import type { VerificationStatus } from '../../src/index.ts';
import { Simulation } from '../support/simulation.ts';
import { register } from '../support/steps.ts';

it.each<[VerificationStatus, VerificationStatus, VerificationStatus, string]>([
  ['unverified', 'stored', 'stored', 'artifact.verified'],
  ['stored', 'verified', 'verified', 'artifact.verified'],
  ['verified', 'stored', 'verified', 'artifact.verified'],
  ['corrupt', 'stored', 'corrupt', 'artifact.corrupt'],
  ['corrupt', 'verified', 'verified', 'artifact.verified'],
  ['missing', 'stored', 'stored', 'artifact.verified'],
  ['verified', 'missing', 'missing', 'artifact.missing'],
  ['verified', 'corrupt', 'corrupt', 'artifact.corrupt'],
])('takes an artifact that was %s and is seen %s for %s', (known, seen, after, event) => {
  const build = new Simulation();
  const { id } = register(build, 'image', 10, { verificationStatus: known });
  const changed = build.apply((draft) => decideVerification(draft, id, seen));
  expect(changed).toMatchObject({ verificationStatus: after });
  expect(build.events.at(-1)).toMatchObject({ type: event, data: { verification_status: after } });
});

it('records nothing when nobody could look', () => {
  const build = new Simulation();
  const { id } = register(build, 'image', 10, { verificationStatus: 'stored' });
  const before = build.snapshot;
  expect(build.apply((draft) => decideVerification(draft, id, 'unverified')).verificationStatus).toBe(
    'stored',
  );
  expect(build.snapshot).toBe(before);
});
