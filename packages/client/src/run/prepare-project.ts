import { ConfigurationError, presets } from '@buildstate/core';
import type { RetryPolicyRecord } from '../api/retry-policies.ts';
import type { StateCodeRecord } from '../api/state-codes.ts';
import type { BuildStateClient } from '../client.ts';
import type { FileRetryPolicy, FileState } from './file/build-file.ts';

async function settleName(
  client: BuildStateClient,
  projectId: string,
  catalogue: readonly StateCodeRecord[],
  { code, name }: FileState,
): Promise<void> {
  if (name === undefined) return;
  const owner = catalogue.find((entry) => entry.name === name || entry.aliases.includes(name));
  if (owner?.stateCode === code) return;
  if (owner !== undefined) {
    throw new ConfigurationError(
      `The build file calls state ${code} "${name}", which is the name of state ${owner.stateCode} in the project's catalogue. ` +
        'Give it another name, or leave the name out.',
      { context: { state_code: code, state_name: name, catalogue_state: owner.stateCode } },
    );
  }
  const entry = catalogue.find(({ stateCode }) => stateCode === code);
  await client.stateCodes.put(
    projectId,
    code,
    entry === undefined ? { name } : { aliases: [...entry.aliases, name] },
  );
}

/** Whether a policy says already what the file says of it. */
function agrees(record: RetryPolicyRecord | undefined, wanted: FileRetryPolicy): boolean {
  if (record === undefined) return false;
  const { preset, ...changes } = wanted;
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const { strategy: _strategy, ...base } = preset === undefined ? { strategy: '' } : presets[preset];
  return Object.entries({ ...base, ...Object.fromEntries(given) }).every(
    ([field, value]) =>
      JSON.stringify(record.policy[field as keyof typeof record.policy]) === JSON.stringify(value),
  );
}

async function settlePolicy(
  client: BuildStateClient,
  projectId: string,
  policies: readonly RetryPolicyRecord[],
  { code, policy }: FileState,
): Promise<void> {
  if (
    policy === undefined ||
    agrees(
      policies.find(({ stateCode }) => stateCode === code),
      policy,
    )
  )
    return;
  await client.retryPolicies.put(projectId, code, policy);
}

/**
 * Tells the tracker what the file says about its states: names that the catalogue does not have, and retry
 * policies, so that whoever asks gets the answer that the run obeys.
 *
 * @throws ConfigurationError for a name that belongs to another state
 */
export async function prepareProject(
  client: BuildStateClient,
  projectId: string,
  states: readonly FileState[],
): Promise<void> {
  const [catalogue, policies] = await Promise.all([
    client.stateCodes.list(projectId),
    client.retryPolicies.list(projectId),
  ]);
  for (const state of states) {
    await settleName(client, projectId, catalogue, state);
    await settlePolicy(client, projectId, policies, state);
  }
}
