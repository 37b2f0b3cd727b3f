/** The signals by which people, terminals and CI systems ask a command to stop. */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const satisfies readonly NodeJS.Signals[];

/** A listener to stop signals. `count` is 1 for the first one. */
export type StopListener = (signal: NodeJS.Signals, count: number) => void;

/** What asks the work to stop. */
export interface Interrupts {
  /** Aborted by the first stop signal. */
  readonly aborted: AbortSignal;
  /** The first stop signal, once there was one. */
  readonly first: NodeJS.Signals | undefined;
  /** Calls `listener` at every stop signal; gives back what ends that. */
  listen(listener: StopListener): () => void;
}

/** Interrupts that are fed by hand: by tests, and by programs that have their own idea of stopping. */
export class ManualInterrupts implements Interrupts {
  readonly #controller = new AbortController();
  readonly #listeners = new Set<StopListener>();
  #first: NodeJS.Signals | undefined;
  #count = 0;

  get aborted(): AbortSignal {
    return this.#controller.signal;
  }

  get first(): NodeJS.Signals | undefined {
    return this.#first;
  }

  listen(listener: StopListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Asks the work to stop. */
  interrupt(signal: NodeJS.Signals): void {
    this.#count += 1;
    this.#first ??= signal;
    for (const listener of [...this.#listeners]) listener(signal, this.#count);
    this.#controller.abort(new Error(`stopped by ${signal}`));
  }
}

/** The stop signals of this process, from now until disposed; they no longer end the process by themselves. */
export class ProcessInterrupts extends ManualInterrupts implements Disposable {
  readonly #handle = (signal: NodeJS.Signals): void => this.interrupt(signal);

  constructor() {
    super();
    for (const signal of stopSignals) process.on(signal, this.#handle);
  }

  [Symbol.dispose](): void {
    for (const signal of stopSignals) process.off(signal, this.#handle);
  }
}
