import { randomUUID } from 'node:crypto';
import { BuildStateError, type Door } from '@buildstate/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OpenDoor } from './bench.ts';

/** One random command. */
type Command =
  | {
      readonly do: 'report';
      readonly body: { readonly state: number; readonly status: string; readonly reportedBy: string };
      readonly leased: boolean;
    }
  | { readonly do: 'retry' | 'cancel' | 'lease' | 'release' | 'resume' }
  | { readonly do: 'rollback'; readonly target: number | undefined }
  | {
      readonly do: 'fork';
      readonly key: string;
      readonly fromState: number | undefined;
      readonly until: number | undefined;
      readonly again: boolean;
    }
  | {
      readonly do: 'branch';
      readonly key: string;
      readonly what: 'completed' | 'failed' | 'started' | 'retry' | 'cancel' | 'let go' | 'context' | 'tree';
      readonly state: number;
    }
  | { readonly do: 'artifact'; readonly name: string; readonly state: number; readonly place: string }
  | { readonly do: 'variable'; readonly key: string; readonly value: string; readonly sensitive: boolean }
  | {
      readonly do: 'batch';
      readonly reports: readonly { readonly state: number; readonly status: string }[];
      readonly stop: boolean;
    }
  | { readonly do: 'bulk'; readonly dryRun: boolean }
  | {
      readonly do: 'entry';
      readonly verb: 'create' | 'update' | 'delete' | 'get';
      readonly name: string;
      readonly region: string | null;
    };

const state = fc.constantFrom(0, 5, 10, 25, 30, 35, 42, 50, 95, 100);
const branchKey = fc.constantFrom('eu', 'us');
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      body: fc.record({
        state,
        status: fc.constantFrom('started', 'completed', 'failed', 'skipped'),
        reportedBy: fc.constantFrom('a', 'b'),
      }),
      leased: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('retry', 'lease', 'release', 'resume') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('rollback' as const),
      target: fc.option(state, { nil: undefined }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('fork' as const),
      key: branchKey,
      fromState: fc.option(state, { nil: undefined }),
      until: fc.option(state, { nil: undefined }),
      again: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('branch' as const),
      key: branchKey,
      what: fc.constantFrom(
        ...([
          'completed',
          'completed',
          'failed',
          'started',
          'retry',
          'cancel',
          'let go',
          'context',
          'tree',
        ] as const),
      ),
      state,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('artifact' as const),
      name: fc.constantFrom('image', 'log'),
      state,
      place: fc.constantFrom('s3://b/1', 's3://b/2'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('variable' as const),
      key: fc.constantFrom('ip', 'password'),
      value: fc.string({ minLength: 6, maxLength: 12, unit: 'grapheme-ascii' }),
      sensitive: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('batch' as const),
      // A state of 101 is refused before it reaches the build.
      reports: fc.array(
        fc.record({
          state: fc.oneof(state, fc.constant(101)),
          status: fc.constantFrom('started', 'completed', 'failed'),
        }),
        { maxLength: 5 },
      ),
      stop: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bulk' as const), dryRun: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('entry' as const),
      verb: fc.constantFrom('create', 'update', 'delete', 'get'),
      name: fc.constantFrom('one', 'other'),
      region: fc.constantFrom('eu', 'us', null),
    }),
  },
);

/** Does something with an entry of reference data; its name is of this run alone. */
async function sendEntry(door: Door, step: Command & { do: 'entry' }, run: string): Promise<unknown> {
  const { verb, region } = step;
  const name = `${run}-${step.name}`;
  const params = { id: name };
  if (verb === 'create') return (await door.call('createPlatform', { body: { name, region } })).body;
  if (verb === 'update') return (await door.call('updatePlatform', { params, body: { region } })).body;
  if (verb === 'delete') return (await door.call('deletePlatform', { params })).body;
  return (await door.call('getPlatform', { params })).body;
}

/** Does something with the branch that a build has of a key now; `undefined` where it has none. */
async function sendToBranch(door: Door, buildId: string, step: Command & { do: 'branch' }): Promise<unknown> {
  const { key, what, state: code } = step;
  if (what === 'let go')
    return (await door.call('letBranchGo', { params: { buildId, branchKey: key } })).body;
  const { branches } = (await door.call('getBuild', { params: { buildId } })).body;
  const branch = branches.find((one) => one.branchKey === key);
  if (branch === undefined) return undefined;
  const params = { buildId: branch.buildId };
  switch (what) {
    case 'retry':
      return (await door.call('retryBuild', { params })).body;
    case 'cancel':
      return (await door.call('cancelBuild', { params })).body;
    case 'context':
      return (await door.call('getResumeContext', { params })).body;
    case 'tree':
      return (await door.call('getTree', { params })).body;
    default:
      return (await door.call('recordState', { params, body: { state: code, status: what } })).body;
  }
}

/** Sends a command; answers what came back, or the error's code. */
async function send(
  door: Door,
  buildId: string,
  step: Command,
  { token, run }: { readonly token: number; readonly run: string },
): Promise<unknown> {
  const params = { buildId };
  switch (step.do) {
    case 'report': {
      const body = { ...step.body, ...(step.leased && token > 0 && { leaseToken: token }) };
      return (await door.call('recordState', { params, body })).body;
    }
    case 'retry':
      return (await door.call('retryBuild', { params, body: { ...(token > 0 && { leaseToken: token }) } }))
        .body;
    case 'cancel':
      return (await door.call('cancelBuild', { params })).body;
    case 'lease':
      return (await door.call('acquireLease', { params, body: { holder: 'w', ttlSeconds: 3600 } })).body;
    case 'release':
      return (await door.call('releaseLease', { params, query: { token: String(Math.max(1, token)) } })).body;
    case 'resume':
      return (await door.call('requestResume', { params })).body;
    case 'rollback': {
      const body = { targetState: step.target, ...(token > 0 && { leaseToken: token }) };
      return (await door.call('rollbackBuild', { params, body })).body;
    }
    case 'fork': {
      const { key, fromState, until, again } = step;
      return (await door.call('forkBuild', { params, body: { key, fromState, until, again } })).body;
    }
    case 'branch':
      return sendToBranch(door, buildId, step);
    case 'artifact': {
      const body = {
        stateCode: step.state,
        artifactName: step.name,
        artifactType: 't',
        artifactPath: step.place,
        storageBackend: 's3',
      };
      return (await door.call('registerArtifact', { params, body })).body;
    }
    case 'variable': {
      const body = { variableKey: step.key, variableValue: step.value, isSensitive: step.sensitive };
      return (await door.call('setVariable', { params, body })).body;
    }
    case 'batch': {
      const query = { stopOnError: `${step.stop}` };
      const { body } = await door.call('recordStates', { params, query, body: step.reports as [] });
      // Sentences name the build by its number, which depends on the runs before.
      return body.results.map(({ status, answer, problem }) => [status, problem?.code, answer]);
    }
    case 'bulk': {
      const body = { projectId: 'same-answers', dryRun: step.dryRun };
      const { results } = (await door.call('bulkResume', { body })).body;
      return results.map(({ outcome, failedState, resumeFromState, problem }) => [
        outcome,
        failedState,
        resumeFromState,
        problem?.code,
      ]);
    }
    case 'entry':
      return sendEntry(door, step, run);
  }
}

const volatileKey = /(At|Time|Transition|Seconds|_at|_seconds)$|^(at|hash|prevHash|signature)$/;
/** What depends on the door or on what was there before. */
const ownKey = new Set(['buildNumber', 'artifactBase', 'actorId', 'requestedBy']);
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** An answer without what differs from run to run: ids become their order of appearance, times their type. */
function comparable(value: unknown, ids: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => comparable(item, ids));
  if (typeof value === 'string') {
    return value.replace(uuid, (id) => {
      if (!ids.has(id)) ids.set(id, `id ${ids.size}`);
      return ids.get(id) ?? id;
    });
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      volatileKey.test(key) ? typeof member : ownKey.has(key) ? '' : comparable(member, ids),
    ]),
  );
}

/** Everything that a run of commands shows. */
async function play(door: Door, commands: readonly Command[], run: string): Promise<unknown> {
  const { body: build } = await door.call('createBuild', { body: { project: 'same-answers' } });
  const params = { buildId: build.id };
  const ids = new Map<string, string>();
  const shown: unknown[] = [];
  let token = 0;
  for (const step of commands) {
    try {
      const answer = await send(door, build.id, step, { token, run });
      if (step.do === 'lease') token = (answer as { token: number }).token;
      shown.push(comparable(answer, ids));
    } catch (error) {
      if (!(error instanceof BuildStateError)) throw error;
      shown.push(error.code);
    }
  }
  const rest = [
    (await door.call('getBuild', { params })).body,
    (await door.call('listAttempts', { params, query: { limit: '1000' } })).body,
    (await door.call('listEvents', { params, query: { limit: '1000' } })).body,
    (await door.call('listArtifacts', { params, query: { includeDeleted: 'true' } })).body,
    (await door.call('listVariables', { params })).body,
    (await door.call('getResumeContext', { params })).body,
    (await door.call('listResumeRequests', { params })).body,
    (await door.call('getTree', { params })).body,
  ];
  return [...shown, ...rest.map((answer) => comparable(answer, ids))];
}

/** How hard the comparison tries. */
export interface SameAnswersOptions {
  /** Random sequences. @default 40 */
  readonly runs?: number;
  /** Longest sequence. @default 25 */
  readonly length?: number;
}

/**
 * Registers one test: random commands get the same answers from every door. The first door is the reference.
 * @param doors opens each door; called once
 */
export function itGivesTheSameAnswers(
  doors: Readonly<Record<string, () => Promise<OpenDoor>>>,
  { runs = 40, length = 25 }: SameAnswersOptions = {},
): void {
  it(`gives the same answers: ${Object.keys(doors).join(', ')}`, { timeout: 300_000 }, async () => {
    const opened = await Promise.all(
      Object.entries(doors).map(async ([name, open]) => ({ name, ...(await open()) })),
    );
    const [reference, ...others] = opened;
    if (reference === undefined) throw new Error('there is no door to compare');
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(command, { maxLength: length }), async (commands) => {
          const run = randomUUID();
          const expected = await play(reference.door, commands, run);
          for (const { name, door } of others) {
            expect(await play(door, commands, run), name).toEqual(expected);
          }
        }),
        { numRuns: runs },
      );
    } finally {
      await Promise.all(opened.map(({ remove }) => remove()));
    }
  });
}
