import type { BuildStateClient, BuildSummary } from '@buildstate/client';

/** The state at which a build would go on; `undefined` for one that is over. */
export async function resumeStateOf(
  client: BuildStateClient,
  { id, status }: Pick<BuildSummary, 'id' | 'status'>,
): Promise<number | undefined> {
  if (status === 'completed' || status === 'cancelled') return undefined;
  return (await client.resume.context(id)).resumeFromState;
}
