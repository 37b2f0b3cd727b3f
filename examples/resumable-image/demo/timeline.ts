import type { Attempt } from './tracker.ts';

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(1);

function row(cells: readonly string[]): string {
  const widths = [8, 9, 6, 22, 8, 10, 9];
  return cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 0))
    .join('')
    .trimEnd();
}

/**
 * The timeline of a build, from what the tracker recorded. A worker is known by the fencing token of its lease:
 * the first lease has the token 1.
 */
export function timeline(attempts: readonly Attempt[]): string[] {
  const origin = Date.parse(attempts[0]?.start_time ?? '');
  return [
    row(['at', 'worker', 'state', 'name', 'attempt', 'took', 'status']),
    ...attempts.map(({ start_time, lease_token, state, state_name, attempt, duration_seconds, status }) =>
      row([
        `${seconds(Date.parse(start_time ?? '') - origin)} s`,
        `worker ${lease_token ?? '?'}`,
        String(state),
        state_name,
        String(attempt ?? '-'),
        duration_seconds === null ? '-' : `${duration_seconds.toFixed(1)} s`,
        status,
      ]),
    ),
  ];
}

/** What the resume saved: the completed states of the first worker, which the second one did not run. */
export function saved(attempts: readonly Attempt[]): { readonly states: number[]; readonly seconds: number } {
  const kept = attempts.filter(({ lease_token, status }) => lease_token === 1 && status === 'completed');
  return {
    states: kept.map(({ state }) => state),
    seconds: kept.reduce((sum, { duration_seconds }) => sum + (duration_seconds ?? 0), 0),
  };
}
