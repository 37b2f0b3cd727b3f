import { LeaseLostError } from '@buildstate/core/light';
import type { HeldClaim } from '../../api/leases.ts';
import type { ManualInterrupts } from '../../step/command/interrupts.ts';
import { isAway } from '../../step/state/away.ts';
import type { Surroundings } from '../../step/surroundings.ts';
import type { BuildFile } from '../file/build-file.ts';
import { surroundingsOf } from '../run-build.ts';
import { runClaimed } from '../run-claimed.ts';
import type { RunResult } from '../run-result.ts';
import type { WorkerEvent } from './worker-event.ts';
import { joiningOf, type Stretch, stretchesOf } from './worker-states.ts';

/** What a worker was asked for. */
export interface WorkerRequest {
  /** The build file: its folder is where the work is done. */
  readonly file: BuildFile;
  /** Id or name of the project. @default the file's */
  readonly project?: string | undefined;
  /** Which states it does; builds that would do another one next are left to others. @default all of the file */
  readonly does?: ((state: number) => boolean) | undefined;
  /** Seconds that one request waits for a build, 30 at most. */
  readonly pollSeconds: number;
  /** Life of a lease without renewal, in seconds. @default 60 */
  readonly ttlSeconds?: number | undefined;
  /** Ends after so many builds. @default never */
  readonly maxBuilds?: number | undefined;
  /** Ends when nothing waits, instead of waiting. @default false */
  readonly noWait?: boolean | undefined;
  /** Asked to stop, it claims nothing more and finishes the build under way. */
  readonly stop: AbortSignal;
  /** Interrupts the state under way; the build is handed back with a record from which others continue. */
  readonly interrupts: ManualInterrupts;
  /** Told what happens. */
  readonly tell: (event: WorkerEvent) => void;
  /** Numbers from 0 (inclusive) to 1 (exclusive), for pauses. @default Math.random */
  readonly random?: () => number;
}

/** How a worker ended. */
export interface WorkerResult {
  /** How many builds it worked on. */
  readonly builds: number;
  /** How the last of them went. */
  readonly last: RunResult | undefined;
}

/** Longest pause while the tracker is away or nothing comes of the work, in seconds. */
const longestPause = 60;

/** Pauses that double, apart from those of other workers. */
class BackOff {
  readonly #random: () => number;
  #next = 1;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The next pause, in seconds. */
  seconds(): number {
    const longest = this.#next;
    this.#next = Math.min(longestPause, longest * 2);
    return longest * (0.5 + this.#random() / 2);
  }

  reset(): void {
    this.#next = 1;
  }
}

/** A worker at work. */
class Worker {
  readonly #around: Surroundings;
  readonly #request: WorkerRequest;
  readonly #stretches: readonly Stretch[];
  readonly #joining: readonly string[];
  readonly #away: BackOff;
  readonly #fruitless: BackOff;
  #builds = 0;
  #last: RunResult | undefined;

  constructor(around: Surroundings, request: WorkerRequest) {
    this.#around = around;
    this.#request = request;
    this.#stretches = stretchesOf(request.file.states, request.does);
    this.#joining = joiningOf(request.file.states);
    const { random = Math.random } = request;
    this.#away = new BackOff(random);
    this.#fruitless = new BackOff(random);
  }

  async run(): Promise<WorkerResult> {
    const { stop, tell, file, project = file.project, maxBuilds = Number.POSITIVE_INFINITY } = this.#request;
    tell({ type: 'waiting', project, states: this.#stretches.map(({ range }) => range) });
    while (!stop.aborted && this.#builds < maxBuilds) {
      const claim = await this.#claim();
      if (claim === undefined && this.#request.noWait === true) break;
      if (claim !== undefined) await this.#work(claim);
    }
    tell({ type: 'stopped', builds: this.#builds });
    return { builds: this.#builds, last: this.#last };
  }

  /** A build, or `undefined` when there was none for a while, the tracker was away, or somebody asked to stop. */
  async #claim(): Promise<HeldClaim | undefined> {
    const { client, strict } = this.#around;
    const { file, project = file.project, pollSeconds, noWait, ttlSeconds, stop, tell } = this.#request;
    try {
      const claim = await client.leases.claim({
        project,
        platform: file.platform,
        states: this.#stretches.map(({ range }) => range),
        ...(this.#joining.length > 0 && { joining: this.#joining }),
        waitSeconds: noWait === true ? 0 : pollSeconds,
        untilFencedOut: !strict,
        signal: stop,
        ...(ttlSeconds !== undefined && { ttlSeconds }),
      });
      this.#away.reset();
      return claim;
    } catch (error) {
      if (stop.aborted) return undefined;
      if (!isAway(error) && !isInFlight(error)) throw error;
      const seconds = this.#away.seconds();
      tell({ type: 'away', message: (error as Error).message, seconds });
      await this.#pause(seconds);
      return undefined;
    }
  }

  async #work(claim: HeldClaim): Promise<void> {
    const { tell } = this.#request;
    const { build, nextState, nextStateName, reason, lease } = claim;
    const told = { id: build.id, buildNumber: build.buildNumber, project: build.project };
    this.#builds += 1;
    tell({ type: 'claimed', build: told, nextState, nextStateName, reason, leaseToken: lease.token });
    const ending = await this.#perform(claim);
    tell({ type: 'ended', build: told, ...ending });
    // A build of which nothing comes waits again at once: others, and this one later, get their turn.
    if (ending.completed.length > 0 || ending.failedState !== null) this.#fruitless.reset();
    else await this.#pause(this.#fruitless.seconds());
  }

  async #perform(claim: HeldClaim) {
    const { file, interrupts } = this.#request;
    const stretch = this.#stretches.find(({ holds }) => holds(claim.nextState));
    const own: BuildFile = { ...file, states: stretch?.states ?? file.states };
    try {
      const result = await runClaimed({ ...this.#around, interrupts }, own, claim);
      this.#last = result;
      return endingOf(result);
    } catch (error) {
      this.#last = undefined;
      const outcome = error instanceof LeaseLostError || isLost(error) ? 'lost' : 'error';
      const message = error instanceof Error ? error.message : String(error);
      return { outcome, completed: [], failedState: null, retryAt: null, message } as const;
    }
  }

  async #pause(seconds: number): Promise<void> {
    const { stop } = this.#request;
    try {
      await this.#around.clock.sleep(seconds * 1000, stop);
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

const isInFlight = (error: unknown): boolean => hasCode(error, 'request_in_flight');
// Parts that are loaded on demand may bring their own copy of the class.
const isLost = (error: unknown): boolean => hasCode(error, 'lease_lost');

function endingOf(result: RunResult) {
  const { outcome, completed } = result;
  if (result.outcome !== 'failed')
    return { outcome, completed, failedState: null, retryAt: null, message: null };
  const { state, error, exitCode, retryDecision } = result;
  const message =
    error?.message ?? (exitCode === undefined ? null : `The command ended with code ${exitCode}.`);
  return {
    outcome,
    completed,
    failedState: state ?? null,
    retryAt: retryDecision?.retryAt ?? null,
    message,
  };
}

/**
 * Claims builds and works on them by a build file, one after the other, until it is asked to stop. A build that fails
 * does not end it, nor does a tracker that is away.
 * @throws ConfigurationError; NotFoundError for a project that is not there; UnauthenticatedError, ForbiddenError
 */
export async function work(around: Surroundings, request: WorkerRequest): Promise<WorkerResult> {
  // A secret that is missing would keep it from working on any build.
  surroundingsOf(request.file, around);
  return new Worker(around, request).run();
}
