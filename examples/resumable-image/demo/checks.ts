import type { Artifact, Attempt, Build } from './tracker.ts';

/** One thing that must be so. */
export interface Check {
  readonly good: boolean;
  readonly text: string;
}

/** The states of the example. */
const states = [5, 10, 25, 50, 75, 90, 100];
/** The state at which the first worker is killed. */
export const killedState = 50;

function timesRun(attempts: readonly Attempt[], state: number): string {
  return attempts
    .filter((attempt) => attempt.state === state)
    .map(({ status, lease_token }) => `${status} by ${lease_token}`)
    .join(', ');
}

/** Whether the record tells what happened: every state once, the killed one abandoned and then completed. */
export function checkRecord(
  build: Build,
  attempts: readonly Attempt[],
  artifacts: readonly Artifact[],
): Check[] {
  const expected = states.map((state) => {
    if (state < killedState) return [state, 'completed by 1'] as const;
    return [state, state === killedState ? 'abandoned by 1, completed by 2' : 'completed by 2'] as const;
  });
  const wrong = expected.filter(([state, text]) => timesRun(attempts, state) !== text);
  const stored = new Set(artifacts.map(({ state_code }) => state_code));
  return [
    {
      good: build.status === 'completed' && build.current_state === 100,
      text: `the build is ${build.status} at state ${build.current_state}`,
    },
    {
      good: wrong.length === 0 && attempts.length === states.length + 1,
      text:
        wrong.length === 0
          ? `every completed state ran once; state ${killedState} was abandoned and run again`
          : `states ${wrong.map(([state]) => `${state}: ${timesRun(attempts, state)}`).join('; ')}`,
    },
    {
      good: [10, 25, 100].every((state) => stored.has(state)),
      text: `artifacts of states ${[...stored].toSorted((a, b) => a - b).join(', ')} are stored`,
    },
  ];
}
