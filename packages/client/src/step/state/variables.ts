import { readFile } from 'node:fs/promises';
import { timestamp } from '@buildstate/core/light';
import { isErrorWithCode } from '@buildstate/node-runtime';
import type { StepDefinition } from '../definition.ts';
import { type OutputVariable, parseOutputFile } from '../output/output-file.ts';
import type { Surroundings } from '../surroundings.ts';
import { isAway } from './away.ts';
import type { BuildHandle } from './build-handle.ts';
import type { KnownVariable, Memory } from './memory.ts';

/**
 * The values of a build's variables by key, sensitive ones fetched one by one. From now on those are hidden in
 * all output.
 */
export async function variableValues(
  { client, masker }: Surroundings,
  buildId: string,
  variables: readonly KnownVariable[],
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const { variableKey: key, variableValue, isSensitive } of variables) {
    const value = variableValue ?? (await client.variables.get(buildId, key)).variableValue;
    if (value === undefined) continue;
    if (isSensitive) masker.add([value]);
    values[key] = value;
  }
  return values;
}

/** What a command wrote to its output file; nothing when it removed the file. @throws ValidationError */
export async function readOutputFile(path: string): Promise<OutputVariable[]> {
  try {
    return parseOutputFile(await readFile(path, 'utf8'));
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Whose variables are recorded. */
export interface RecordingVariables {
  readonly around: Surroundings;
  readonly build: BuildHandle;
  readonly step: Pick<StepDefinition, 'state'>;
  readonly memory: Memory;
}

/** Sets one variable. Answers whether the tracker could be told. */
async function setVariable(
  { around, build, step }: RecordingVariables,
  { key, value }: OutputVariable,
  isSensitive: boolean,
): Promise<boolean> {
  try {
    await around.client.variables.set(build.id, {
      variableKey: key,
      variableValue: value,
      setAtState: step.state,
      ...(isSensitive && { isSensitive }),
      ...(build.lease !== undefined && { leaseToken: build.lease.token }),
    });
    return true;
  } catch (error) {
    if (!isAway(error) || around.strict) throw error;
    return false;
  }
}

/**
 * Sets what a command wrote to its output file as variables of the build. One that holds a secret is kept as a
 * sensitive one. While the tracker is away they cannot be kept: a disk is no place for values that may be secret.
 */
export async function recordVariables(
  recording: RecordingVariables,
  variables: readonly OutputVariable[],
): Promise<void> {
  const { around, build, memory } = recording;
  const missed: string[] = [];
  for (const variable of variables) {
    const { key, value } = variable;
    const isSensitive = around.masker.finds(value);
    // Once the tracker is found to be away, waiting for it again with every variable helps nobody.
    if (missed.length === 0 && (await setVariable(recording, variable, isSensitive))) continue;
    missed.push(key);
    const updatedAt = timestamp(around.clock.now());
    memory.noteVariable({ variableKey: key, variableValue: value, isSensitive, updatedAt });
  }
  if (missed.length === 0) return;
  around.notes.warn(
    `The tracker is away and these variables were not recorded: ${missed.join(', ')}. ` +
      `Set them later with: bldst variable set ${build.id} ${missed.map((key) => `${key}=…`).join(' ')}`,
  );
}
