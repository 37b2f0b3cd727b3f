import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Door } from '@buildstate/core';
import fc from 'fast-check';
import { checkHistory } from '../linearizability/check.ts';
import type { Operation, SequentialSpec } from '../linearizability/history.ts';
import { type ModelWish, modelWish } from './arbitrary.ts';
import { type ModelAnswer, type ModelBuild, type ModelRules, newModelBuild } from './build.ts';
import type { ModelCommand } from './command.ts';
import { performCommand } from './perform.ts';
import { makeModelProject, modelRules } from './project.ts';
import { step } from './step.ts';

/** What clients did to one build at the same time. */
export type BuildHistory = readonly Operation<ModelCommand, ModelAnswer>[];

/** How a history is made. */
export interface HistoryOptions {
  /** Clients at the same time. */
  readonly clients: number;
  /** Operations of all of them together. */
  readonly operations: number;
  /** The same seed makes the same wishes. */
  readonly seed: number;
  /** One operation of so many is given up by its client before it is answered. @default none */
  readonly givesUpEach?: number;
  /** Whether an error leaves open what became of an operation. @default only of those that were given up */
  readonly leavesOpen?: (error: unknown) => boolean;
}

/** What clients know of a build from the answers of all: enough to meet each other, as old as answers are. */
class View {
  build: ModelBuild = newModelBuild;

  learn(command: ModelCommand, answer: ModelAnswer): void {
    if ('refused' in answer) return;
    const { current = this.build.current, failed = this.build.failed } = answer as Partial<ModelBuild>;
    this.build = { ...this.build, current, failed };
    if ('token' in answer) this.#leased(answer.token as number, false);
    else if (command.do === 'release') this.#leased(command.token, true);
  }

  #leased(token: number, over: boolean): void {
    const expiresAt = Number.POSITIVE_INFINITY;
    if (token >= (this.build.lease?.token ?? 0))
      this.build = { ...this.build, lease: { token, expiresAt, over } };
  }
}

function commandOf(wish: ModelWish, view: View, { eventIds, project }: Shared, index: number): ModelCommand {
  const command = wish(view.build, eventIds);
  if (command.do === 'wait') throw new Error('histories do not wait');
  // A claim is a lease of the build that waits, which is the only one of its project.
  if (command.do === 'acquire' && command.gone === null && index % 2 === 0)
    return { do: 'claim', by: command.by, ttlSeconds: command.ttlSeconds, project };
  return command;
}

/** What the clients of one history share. */
interface Shared {
  readonly eventIds: readonly string[];
  readonly project: string;
}

/**
 * Lets clients do random things to one new build of a new project at the same time, and looks at all of it when they are done. Each
 * client asks its doors in turns, one thing after the other.
 * @param doors instances over one store
 */
export async function recordHistory(
  doors: readonly Door[],
  { clients, operations, seed, givesUpEach, leavesOpen = () => false }: HistoryOptions,
): Promise<BuildHistory> {
  const doorAt = (turn: number) => doors[turn % doors.length] as Door;
  const project = await makeModelProject(doorAt(seed));
  const { body: build } = await doorAt(seed).call('createBuild', { body: { project } });
  const wishes = fc.sample(modelWish({ time: false }), { numRuns: operations, seed });
  const shared = { eventIds: Array.from({ length: 6 }, () => randomUUID()), project };
  const view = new View();
  const history: Operation<ModelCommand, ModelAnswer>[] = [];

  async function ask(client: number, door: Door, command: ModelCommand, givesUp: boolean): Promise<void> {
    const signal = givesUp ? AbortSignal.timeout(history.length % 6) : undefined;
    const called = performance.now();
    try {
      const output = await performCommand(door, build.id, command, signal);
      // That nothing waits is as old as the last look, and so says nothing of this moment.
      if ('nothing' in output) return;
      history.push({ client, input: command, called, returned: performance.now(), output });
      view.learn(command, output);
    } catch (error) {
      if (signal?.aborted !== true && !leavesOpen(error)) throw error;
      history.push({ client, input: command, called, returned: null, output: null });
    }
  }

  let next = 0;
  const client = async (number: number): Promise<void> => {
    for (let turn = number; next < wishes.length; turn++) {
      const index = next++;
      const command = commandOf(wishes[index] as ModelWish, view, shared, index);
      const givesUp = givesUpEach !== undefined && index % givesUpEach === givesUpEach - 1;
      await ask(number, doorAt(turn), command, givesUp);
      // Clients that always ask at the same moments meet in few ways.
      if (index % 7 === 0) await sleep(index % 4);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  await ask(0, doorAt(seed), { do: 'look' }, false);
  return history;
}

/** The model as what a history must look like. */
export function specOf(rules: ModelRules): SequentialSpec<ModelBuild, ModelCommand, ModelAnswer> {
  const keys = new WeakMap<ModelBuild, string>();
  return {
    initial: newModelBuild,
    step(state, input) {
      const { build, answer } = step(state, input, rules);
      return { state: build, output: answer };
    },
    same: isDeepStrictEqual,
    key(state) {
      const known = keys.get(state) ?? JSON.stringify(state);
      keys.set(state, known);
      return known;
    },
  };
}

/** Why a history cannot have happened one thing after the other; nothing where it can. */
export function complaintAbout(history: BuildHistory): string | undefined {
  const verdict = checkHistory(history, specOf(modelRules));
  if (verdict.linearizable) return undefined;
  const line = ({ client, input, output, called, returned }: BuildHistory[number]): string =>
    `  ${called.toFixed(2)}–${returned?.toFixed(2) ?? '…'} client ${client} ${JSON.stringify(input)} → ${JSON.stringify(output)}`;
  return [
    'None of these operations can be next:',
    ...verdict.stuck.map(line),
    `after these ${verdict.explained.length} of ${history.length}, the latest first:`,
    ...verdict.explained.map(line).reverse(),
  ].join('\n');
}
