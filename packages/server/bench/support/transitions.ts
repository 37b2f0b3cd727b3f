import { load, type RequestSource, requestBytes } from './load.ts';

const statesPerBuild = 99;

/** Transitions that one build can go through: each state started and completed. */
export const transitionsPerBuild = 2 * statesPerBuild;

/** A client's requests: its builds go through every state, started and completed; where nothing is kept, endlessly. */
export function transitions(builds: readonly string[], endless: boolean): RequestSource {
  let count = 0;
  return () => {
    const step = count++;
    const turn = Math.floor(step / transitionsPerBuild);
    const build = builds[endless ? turn % builds.length : turn];
    if (build === undefined) throw new Error('out of builds; make more of them');
    const within = step % transitionsPerBuild;
    const state = 1 + Math.floor(within / 2);
    const status = within % 2 === 0 ? 'started' : 'completed';
    const body = JSON.stringify({ state, status, message: 'Packages installed', reported_by: 'bench' });
    return requestBytes('POST', `/builds/${build}/state`, body);
  };
}

/** Registers new builds and answers their ids. */
export async function makeBuilds(port: number, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => crypto.randomUUID());
  const left = [...ids];
  const sources = Array.from({ length: 16 }, () => () => {
    const id = left.pop();
    const body = JSON.stringify({ id, project: 'bench', build_number: id });
    return id === undefined ? undefined : requestBytes('POST', '/builds', body);
  });
  await load(port, sources, '201', 600_000);
  return ids;
}
