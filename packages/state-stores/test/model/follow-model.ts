import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  compareWithModel,
  type ModelTime,
  makeModelProject,
  modelWishes,
} from '@buildstate/conformance/model';
import { systemClock } from '@buildstate/node-runtime';
import { openFileStore } from '@buildstate/state-stores/document';
import { createMemoryStore } from '@buildstate/state-stores/memory';
import { openSqlite } from '@buildstate/state-stores/sqlite';
import fc from 'fast-check';
import { openTracker } from '../door/open-tracker.ts';

/** The stores that the model is compared on. Only those without a clock of their own can let time go by. */
export const modelledStores = ['memory', 'sqlite', 'folder', 'file'] as const;
export type ModelledStore = (typeof modelledStores)[number];

/** What the commands of all runs came to. */
export interface Followed {
  readonly runs: number;
  readonly done: number;
  readonly refused: number;
}

/** A clock that stands still until somebody lets time pass. */
function ownTime(): { readonly clock: typeof systemClock; readonly time: ModelTime } {
  let now = Date.parse('2026-06-01T00:00:00.000Z');
  const pass = (seconds: number): void => {
    now += seconds * 1000;
  };
  return { clock: { ...systemClock, now: () => now }, time: { now: () => now, pass } };
}

function openStore(kind: ModelledStore, folder: string, clock: typeof systemClock) {
  if (kind === 'memory') return createMemoryStore({ clock });
  if (kind === 'file') return openFileStore(`file://${folder}`, { clock });
  return openSqlite(`sqlite://${kind === 'sqlite' ? join(folder, 'model.db') : folder}`);
}

/**
 * Random commands to as many builds as are asked for, each compared with the model.
 * @param seed the same seed makes the same commands
 * @throws Error with the shortest commands that make a difference
 */
export async function followModel(kind: ModelledStore, numRuns: number, seed?: number): Promise<Followed> {
  const folder = await mkdtemp(join(tmpdir(), 'buildstate-model-'));
  const { clock, time } = ownTime();
  const passes = kind === 'memory' || kind === 'file';
  const { door, remove } = await openTracker(() => openStore(kind, folder, clock));
  const sum = { runs: 0, done: 0, refused: 0 };
  try {
    const project = await makeModelProject(door);
    const property = fc.asyncProperty(modelWishes({ time: passes }), async (wishes) => {
      const run = await compareWithModel(door, project, wishes, passes ? time : null);
      sum.runs += 1;
      sum.done += run.done;
      sum.refused += run.refused;
    });
    await fc.assert(property, { numRuns, ...(seed !== undefined && { seed }) });
    return sum;
  } finally {
    await remove();
    await rm(folder, { recursive: true, force: true });
  }
}
