import type { Connection, Connections } from './connections.ts';
import { OutcomeUnknown } from './decisive.ts';
import { isOutdatedPlan, isYielding, storeErrorOf, unknownOutcome } from './postgres-errors.ts';
import type { PostgresPlace } from './postgres-place.ts';

/** How often what the database ended for the sake of others is tried. */
const mostTries = 10;

/** Does some work on a connection. */
export type Attempt = <T>(
  connections: Connections,
  work: (connection: Connection) => Promise<T>,
) => Promise<T>;

/**
 * Does work, and again when the database asks for it: it ended the work for the sake of others, or a newer instance has
 * changed the tables since statements were prepared. Nothing of a failed attempt is kept.
 * @returns a function that throws errors of the store
 */
export function attempting({ shown }: PostgresPlace): Attempt {
  return async (connections, work) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await connections.use(work);
      } catch (error) {
        if (error instanceof OutcomeUnknown) throw unknownOutcome(error.cause, shown);
        const again = isOutdatedPlan(error) || isYielding(error);
        if (!again || tries >= mostTries) throw storeErrorOf(error, shown);
        if (isOutdatedPlan(error)) connections.names.renew();
      }
    }
  };
}
