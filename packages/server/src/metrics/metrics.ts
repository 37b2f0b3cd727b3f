import type { OperationAnswer, OperationName } from '@buildstate/core';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Seconds; from a cached read to a slow disk. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What moves a build, and the status to count where the answer has none. */
const transitions: Partial<Record<OperationName, string | undefined>> = {
  recordState: undefined,
  recordFailure: undefined,
  retryBuild: 'manual_retry',
  rollbackBuild: 'rolled_back',
  cancelBuild: 'cancelled',
};

type Observer = Pick<Histogram.Internal<'method' | 'route' | 'status'>, 'observe'>;

/**
 * The server's figures. Our own begin with `buildstate_`; those of the process keep the names (`process_…`,
 * `nodejs_…`) that dashboards for Node expect.
 */
export class Metrics {
  /** All figures, for `/metrics`. */
  readonly registry = new Registry();
  readonly #duration = new Histogram({
    name: 'buildstate_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets,
    registers: [this.registry],
  });
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
  /** Label sets are few and looking one up in the library costs more than observing. */
  readonly #observers = new Map<string, Observer>();

  /** @param processFigures whether memory, CPU, event loop and garbage collection are measured as well */
  constructor(processFigures: boolean) {
    if (processFigures) collectDefaultMetrics({ register: this.registry });
  }

  /** Counts an answered request. */
  answered(method: string, route: string, status: number, seconds: number): void {
    const label = `${method} ${status} ${route}`;
    let observer = this.#observers.get(label);
    if (observer === undefined) {
      observer = this.#duration.labels({ method, route, status: String(status) });
      this.#observers.set(label, observer);
    }
    observer.observe(seconds);
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

  /** Counts a failure of the store. */
  storeFailed(code: string): void {
    this.#storeErrors.inc({ code });
  }
}
