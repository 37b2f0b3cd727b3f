import { timestamp } from '../build/timestamp.ts';
import type { StateStore } from '../ports/state-store.ts';
import { type RetentionParts, retentionDuty } from '../retention/retention-duty.ts';
import type { DutyWork } from './duty-work.ts';
import { type StallParts, stallDuty } from './note-stalls.ts';

/** What the duties of a store need. */
export interface StoreDutyParts extends RetentionParts {
  /** The store that is looked after. */
  readonly store: RetentionParts['store'] & Pick<StateStore, 'sweepRequests' | 'tidy'> & StallParts['store'];
}

/** Requests that are looked at in one step, so that no step holds anybody up. */
const requestsAtOnce = 200;
/** Steps of one turn: what is left is for the next one. */
const mostSteps = 500;
/** Steps in a row that find nothing until it counts as done: stores without an index look at some at a time. */
const emptySteps = 3;

function amount(count: number, one: string, many = `${one}s`): string | undefined {
  return count === 0 ? undefined : `${count} ${count === 1 ? one : many} removed`;
}

function forgetRequests({ store, clock }: StoreDutyParts): DutyWork {
  return {
    name: 'forget-requests',
    purpose: 'Removes answers to requests with an Idempotency-Key that have expired.',
    everySeconds: 600,
    async run(signal) {
      let removed = 0;
      for (let step = 0, empty = 0; step < mostSteps && empty < emptySteps && !signal.aborted; step++) {
        const swept = await store.sweepRequests(timestamp(clock.now()), requestsAtOnce);
        removed += swept;
        empty = swept === 0 ? empty + 1 : 0;
      }
      return amount(removed, 'expired request');
    },
  };
}

function tidyStore({ store }: StoreDutyParts): DutyWork {
  return {
    name: 'tidy-store',
    purpose: 'Removes what processes that died left in the store.',
    everySeconds: 86_400,
    run: async (signal) => amount(await store.tidy(signal), 'leftover'),
  };
}

/** What every store needs done: by servers as they run, and by `bldst store maintain` where there is none. */
export function storeDuties(parts: StoreDutyParts): readonly DutyWork[] {
  return [forgetRequests(parts), tidyStore(parts), stallDuty(parts), retentionDuty(parts)];
}
