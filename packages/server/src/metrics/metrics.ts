import type { DutyResult, OperationAnswer, OperationName } from '@buildstate/core';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { RequestDurations } from './request-durations.ts';

/** What moves a build, and the status to count where the answer has none. */
const transitions: Partial<Record<OperationName, string | undefined>> = {
  recordState: undefined,
  recordFailure: undefined,
  retryBuild: 'manual_retry',
  rollbackBuild: 'rolled_back',
  cancelBuild: 'cancelled',
};

/**
 * The server's figures. Our own begin with `buildstate_`; those of the process keep the names (`process_…`,
 * `nodejs_…`) that dashboards for Node expect.
 */
export class Metrics {
  /** All figures, for `/metrics`. */
  readonly registry = new Registry();
  readonly #durations = new RequestDurations(this.registry);
  readonly #transitions = new Counter({
    name: 'buildstate_transitions_total',
    help: 'Transitions of builds that were recorded, by the status of the attempt.',
    labelNames: ['status'] as const,
    registers: [this.registry],
  });
  readonly #storeErrors = new Counter({
    name: 'buildstate_store_errors_total',
    help: 'Operations that failed because the store did.',
    labelNames: ['code'] as const,
    registers: [this.registry],
  });

  readonly #duties = new Counter({
    name: 'buildstate_duties_total',
    help: 'Work in the background that this instance did, by duty and by how it ended.',
    labelNames: ['duty', 'outcome'] as const,
    registers: [this.registry],
  });
  readonly #dutyDone = new Gauge({
    name: 'buildstate_duty_done_timestamp_seconds',
    help: 'When this instance last did a duty to its end.',
    labelNames: ['duty'] as const,
    registers: [this.registry],
  });

  /** @param processFigures whether memory, CPU, event loop and garbage collection are measured as well */
  constructor(processFigures: boolean) {
    if (processFigures) collectDefaultMetrics({ register: this.registry });
  }

  /** Counts an answered request. */
  answered(method: string, route: string, status: number, seconds: number): void {
    this.#durations.answered(method, route, status, seconds);
  }

  /** Counts an operation, where it moved a build. */
  performed(operation: OperationName, answer: object): void {
    if (operation === 'recordStates') {
      const { results } = answer as OperationAnswer<'recordStates'>;
      for (const { answer: recorded } of results) if (recorded) this.performed('recordState', recorded);
    }
    if (!(operation in transitions)) return;
    const own = 'status' in answer && typeof answer.status === 'string' ? answer.status : 'unknown';
    this.#transitions.inc({ status: transitions[operation] ?? own });
  }

  /** Counts a turn at a duty. */
  dutyEnded(duty: string, outcome: DutyResult['outcome'] | 'store_failed'): void {
    this.#duties.inc({ duty, outcome });
    if (outcome === 'done') this.#dutyDone.setToCurrentTime({ duty });
  }

  /** Counts a failure of the store. */
  storeFailed(code: string): void {
    this.#storeErrors.inc({ code });
  }
}
