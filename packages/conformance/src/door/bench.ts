import { randomUUID } from 'node:crypto';
import {
  BuildStateError,
  type Door,
  type OperationAnswer,
  type OperationInput,
  type OperationName,
} from '@buildstate/core';
import { afterAll, beforeAll, expect } from 'vitest';

/** A door under test. */
export interface OpenDoor {
  /** The door, with a caller that may do everything. */
  readonly door: Door;
  /** Closes the door and removes what is behind it. */
  remove(): Promise<void>;
}

type Body<K extends OperationName> = OperationInput<K>['body'];

/** Short ways to do what most cases do. Every build that a case makes is its own. */
export interface DoorBench {
  /** The door. */
  readonly door: Door;
  /** Calls an operation and answers its body. */
  call<K extends OperationName>(
    operation: K,
    input?: Partial<OperationInput<K>>,
  ): Promise<OperationAnswer<K>>;
  /** A new project of its own; answers its name. */
  newProject(): Promise<string>;
  /** A new build; answers its id. */
  newBuild(body?: Body<'createBuild'>): Promise<string>;
  /** Reports a transition. */
  report(buildId: string, body: Body<'recordState'>): Promise<OperationAnswer<'recordState'>>;
  /** Where a build is. */
  where(
    buildId: string,
  ): Promise<readonly [current: number, last: number, failed: number | null, status: string]>;
  /** The history: state, attempt and status, oldest first. */
  history(buildId: string): Promise<string[]>;
  /** Expects a call to be refused with an error of this code; answers the error. */
  refused(code: string, run: () => Promise<unknown>): Promise<BuildStateError>;
}

/** Opens the door once for the surrounding `describe`. */
export function doorBench(open: () => Promise<OpenDoor>): DoorBench {
  let opened: OpenDoor | undefined;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(async () => {
    await opened?.remove();
  });
  const bench: DoorBench = {
    get door() {
      if (opened === undefined) throw new Error('the door is not open');
      return opened.door;
    },
    async call(operation, input = {}) {
      return (await bench.door.call(operation, input)).body;
    },
    async newProject() {
      const name = `p-${randomUUID()}`;
      await bench.call('createProject', { body: { name } });
      return name;
    },
    async newBuild(body = {}) {
      const { id } = await bench.call('createBuild', { body: { project: 'conformance', ...body } });
      return id;
    },
    report(buildId, body) {
      return bench.call('recordState', { params: { buildId }, body });
    },
    async where(buildId) {
      const build = await bench.call('getBuild', { params: { buildId } });
      return [build.currentState, build.lastSuccessfulState, build.failedState, build.status];
    },
    async history(buildId) {
      const attempts = await bench.call('listAttempts', { params: { buildId } });
      return attempts.map(({ state, attempt, status }) => `${state}#${attempt ?? '-'} ${status}`);
    },
    async refused(code, run) {
      const error = await run().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof BuildStateError)) throw error ?? new Error(`it was not refused with ${code}`);
      expect(error.code, error.message).toBe(code);
      expect(error.message).toMatch(/[.?]$/);
      return error;
    },
  };
  return bench;
}
