import { createHash } from 'node:crypto';
import { canonicalJson } from '@buildstate/core/light';
import type { StepDefinition } from '../definition.ts';
import type { StepFingerprint } from '../inputs/fingerprint.ts';
import type { KnownVariable } from '../state/memory.ts';

/** The field of an artifact's and of an attempt's metadata that says what they were made from. */
export const madeFromField = 'made_from';

/** The field of metadata that says whose outputs stand for a state's own. */
export const reusedFromField = 'reused_from';

/**
 * The digest by which the outputs of a step are found again, in any build of its project and on any machine;
 * `undefined` for a step whose outputs are its own: one that makes nothing, that lacks something it needs, or that
 * depends on a sensitive variable, of which not even a digest may be written down.
 */
export function reuseKey(
  { state, produces, variables: keys, reuse }: StepDefinition,
  { digest: _, ...inputs }: StepFingerprint,
  variables: readonly KnownVariable[],
): string | undefined {
  if (reuse === undefined || produces.length === 0) return undefined;
  if (Object.values(inputs.needs).includes('missing')) return undefined;
  const isSecret = variables.some(
    ({ variableKey, isSensitive }) => isSensitive && keys.includes(variableKey),
  );
  if (isSecret) return undefined;
  const { setting } = reuse;
  return createHash('sha256').update(canonicalJson({ state, inputs, setting })).digest('hex');
}
