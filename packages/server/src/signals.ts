const handled = ['SIGTERM', 'SIGINT'] as const;

/**
 * Calls `stop` on the first SIGTERM or SIGINT, once. Further signals are ignored while it stops, because its time is
 * bounded.
 * @returns takes the handlers away again
 */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void): () => void {
  let stopping = false;
  function receive(signal: NodeJS.Signals): void {
    if (stopping) return;
    stopping = true;
    stop(signal);
  }
  for (const signal of handled) process.on(signal, receive);
  return () => {
    for (const signal of handled) process.off(signal, receive);
  };
}
