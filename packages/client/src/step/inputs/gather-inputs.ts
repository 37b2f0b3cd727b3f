import type { StepDefinition } from '../definition.ts';
import { artifactDigest, artifactFor } from '../needs/resolve-needs.ts';
import type { BuildMaterial, KnownVariable } from '../state/memory.ts';
import type { Surroundings } from '../surroundings.ts';
import { fingerprint, type StepFingerprint } from './fingerprint.ts';
import { hashInputs, type InputHashes } from './hash-inputs.ts';

/**
 * What stands for a variable in a fingerprint. Of a sensitive one that is the moment at which it was set: a
 * digest of the value could be tried out by whoever reads the record.
 */
function variableText(variables: readonly KnownVariable[], key: string): string {
  const found = variables.find(({ variableKey }) => variableKey === key);
  if (found === undefined) return 'unset';
  return found.isSensitive ? `set at ${found.updatedAt}` : `value ${found.variableValue ?? ''}`;
}

/** Hashes a step's input files, and warns of patterns that match none. @throws NotFoundError */
export async function hashStepInputs(
  step: Pick<StepDefinition, 'state' | 'inputs'>,
  { folder, interrupts, notes }: Pick<Surroundings, 'folder' | 'interrupts' | 'notes'>,
): Promise<InputHashes> {
  const hashes = await hashInputs(folder, step.inputs, { signal: interrupts.aborted });
  for (const pattern of hashes.unmatched)
    notes.warn(`The input pattern "${pattern}" of state ${step.state} matches no file.`);
  return hashes;
}

/**
 * The fingerprint of a step's inputs. A need that is not there counts as such: it is an error when the step is
 * started, not when somebody asks whether it would be.
 */
export function stepFingerprint(
  step: StepDefinition,
  { files }: InputHashes,
  material: BuildMaterial,
): StepFingerprint {
  const needs = step.needs.map(({ name }) => {
    const artifact = artifactFor(name, step, material.artifacts);
    return [name, artifact === undefined ? 'missing' : artifactDigest(artifact)] as const;
  });
  const variables = step.variables.map((key) => [key, variableText(material.variables, key)] as const);
  return fingerprint({
    command: step.identity ?? step.argv,
    files,
    needs: Object.fromEntries(needs),
    variables: Object.fromEntries(variables),
    products: Object.fromEntries(step.produces.map(({ name, path }) => [name, path])),
  });
}
