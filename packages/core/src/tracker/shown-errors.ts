import type { ActorNames } from '../actor/actor-names.ts';
import { BuildStateError } from '../errors/buildstate-error.ts';

/** Runs something whose errors may tell of actors by their ids, and lets them tell names instead. */
export async function withShownActors<T>(
  actors: Pick<ActorNames, 'shown'>,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof BuildStateError) await showIn(error, actors);
    throw error;
  }
}

async function showIn(error: BuildStateError, actors: Pick<ActorNames, 'shown'>): Promise<void> {
  const { message, context, problems } = error;
  const told = await actors.shown({ message, context, problems });
  // In place, so that the error keeps its class, its stack and its cause.
  Object.assign(error, told);
}
