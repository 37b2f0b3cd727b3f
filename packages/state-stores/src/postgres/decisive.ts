import { isConnectionLost } from './postgres-errors.ts';

/** The connection was lost when a write could have been made. The cause says how. */
export class OutcomeUnknown extends Error {}

/**
 * Waits for what ends with a commit.
 * @throws OutcomeUnknown when the connection was lost meanwhile
 */
export async function decisive<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    throw new OutcomeUnknown('The connection was lost during a commit.', { cause: error });
  }
}
