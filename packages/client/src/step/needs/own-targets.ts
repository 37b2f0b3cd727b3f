import { createHash } from 'node:crypto';
import { currentIdentity } from '@buildstate/node-runtime';
import type { AttemptRecord } from '../../api/builds.ts';
import type { PlannedNeed } from './restore-needs.ts';

/** The field of an attempt's metadata that says which files it filled with what it needs. */
export const needsField = 'step_needs';

/** Stands for a folder on a machine without telling its name. */
function workplaceOf(folder: string): string {
  const { machineId, host } = currentIdentity();
  return createHash('sha256')
    .update(`${machineId ?? host}\n${folder}`)
    .digest('hex')
    .slice(0, 16);
}

function targetDigest(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}

/** What an attempt records of the files that it is about to fill, or found filled already. */
export function ownTargetsRecord(folder: string, needs: readonly PlannedNeed[]) {
  const targets = needs.flatMap(({ target }) => (target === undefined ? [] : [targetDigest(target)]));
  return { workplace: workplaceOf(folder), targets };
}

/**
 * Tells which files an earlier attempt at the same state has filled in this folder of this machine. What is in
 * them now is what that attempt made of it, so a further attempt may replace it.
 */
export function ownTargets(
  folder: string,
  attempts: readonly AttemptRecord[],
  state: number,
): (target: string) => boolean {
  const here = workplaceOf(folder);
  const filled = attempts
    .filter((attempt) => attempt.state === state)
    .map((attempt) => attempt.metadata[needsField] as { workplace?: unknown; targets?: unknown } | undefined)
    .filter((record) => record?.workplace === here)
    .flatMap((record) => (Array.isArray(record?.targets) ? record.targets : []));
  return (target) => filled.includes(targetDigest(target));
}
