import { openStateStore } from '@buildstate/state-stores';
import { checkStore } from '@buildstate/state-stores/moving';
import { compareWithTold } from './told.ts';
import type { Writers } from './writers.ts';

/** Compares the history of every build with what was told; one sentence for each thing that is wrong. */
export async function lookAtAll(writers: Writers): Promise<string[]> {
  const faults: string[] = [];
  for (const [build, { acknowledged, sent }] of writers.told) {
    faults.push(...compareWithTold(build, await writers.kept(build), acknowledged, sent));
  }
  return faults;
}

/** All that `bldst store verify` looks at: the medium, chains of events, heads against rows. */
export async function verifyStore(url: string): Promise<string[]> {
  const store = await openStateStore(url);
  const faults: string[] = [];
  for await (const problem of checkStore(store)) faults.push(problem);
  await store.close();
  return faults;
}
