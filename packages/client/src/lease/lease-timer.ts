/** The passing of time for a heartbeat, injected so that tests decide it. */
export interface LeaseTimer {
  /** Milliseconds that only ever grow. */
  monotonic(): number;
  /** Runs something later, unless the answer is called first. Does not keep the process alive. */
  after(milliseconds: number, run: () => void): () => void;
}

/** The system's own timers. */
export const systemLeaseTimer: LeaseTimer = {
  monotonic: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
