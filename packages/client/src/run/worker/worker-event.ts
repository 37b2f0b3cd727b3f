import type { ClaimRecord } from '../../api/leases.ts';
import type { RunBuild } from '../run-result.ts';

/** What a worker tells of its work, as it happens. */
export type WorkerEvent =
  /** It waits for builds. */
  | { readonly type: 'waiting'; readonly project: string; readonly states: readonly string[] }
  /** It was given a build. */
  | {
      readonly type: 'claimed';
      readonly build: RunBuild;
      readonly nextState: number;
      readonly nextStateName: string;
      readonly reason: ClaimRecord['reason'];
      readonly leaseToken: number;
    }
  /** It is done with a build. */
  | {
      readonly type: 'ended';
      readonly build: RunBuild;
      /**
       * `completed`: all states that it does are done; `failed`: a state or a command failed; `interrupted`: somebody
       * asked the worker to stop; `lost`: somebody else holds the build; `error`: it could not be worked on.
       */
      readonly outcome: 'completed' | 'failed' | 'interrupted' | 'lost' | 'error';
      /** Codes of the states that it completed. */
      readonly completed: readonly number[];
      /** The state that failed. */
      readonly failedState: number | null;
      /** When the failed state is due again; `null` when it is not tried again by itself. */
      readonly retryAt: string | null;
      /** What went wrong, in words. */
      readonly message: string | null;
    }
  /** The tracker is away; it is asked again. */
  | { readonly type: 'away'; readonly message: string; readonly seconds: number }
  /** It was asked to stop: `finishing` while a build is under way. */
  | { readonly type: 'stopping'; readonly finishing: RunBuild | null }
  /** It has ended. */
  | { readonly type: 'stopped'; readonly builds: number };
