import type { BuildStateClient, Caller, Health } from '@buildstate/client';
import type { FoundTracker } from '../connect/find-tracker.ts';
import type { Session } from '../session/session.ts';

/** A tracker that answers, and what is known of it. */
export interface Patient {
  readonly session: Session;
  /** Where it is and who named it. */
  readonly tracker: FoundTracker;
  readonly client: BuildStateClient;
  /** What it said. */
  readonly health: Health;
  /** When it was asked and when it had answered, in milliseconds since 1970. */
  readonly asked: { readonly at: number; readonly until: number };
  /** Who asks; `undefined` when the tracker does not say. */
  readonly caller: Caller | undefined;
  /** The build whose storage is tried, where one is named. */
  readonly build: string | undefined;
}
