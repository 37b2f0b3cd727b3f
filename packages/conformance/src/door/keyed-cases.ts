import { randomUUID } from 'node:crypto';
import type { OperationInput, OperationName, Outcome } from '@buildstate/core';
import { RequestInFlightError, referenceKinds, referenceOperations, routes } from '@buildstate/core';
import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

type Input<K extends OperationName> = Partial<OperationInput<K>>;

/** An operation that makes or changes something, and how to count what it made. */
interface Effect<K extends OperationName> {
  readonly operation: K;
  /** Makes what it needs and answers its input. */
  prepare(bench: DoorBench): Promise<Input<K>>;
  /** What shows how often it had an effect; the same text after one sending and after many. */
  trace(bench: DoorBench, input: Input<K>): Promise<string>;
}

const effect = <K extends OperationName>(definition: Effect<K>): Effect<OperationName> =>
  definition as unknown as Effect<OperationName>;

const buildOf = (input: Input<'getBuild'>) => ({ buildId: String(input.params?.buildId) });

/** The events of a build by type: every change of one is there. */
async function events(bench: DoorBench, input: Input<'getBuild'>): Promise<string> {
  const all = await bench.call('listEvents', { params: buildOf(input) });
  return all.map(({ type }) => type).join(' ');
}

async function atFailure(bench: DoorBench, alone = false): Promise<string> {
  const build = await bench.newBuild(alone ? { project: await bench.newProject() } : {});
  await bench.report(build, { state: 10 });
  await bench.report(build, { state: 20 });
  await bench.report(build, { state: 30, status: 'failed', errorMessage: 'broken' });
  return build;
}

const artifact = (name: string) => ({
  stateCode: 10,
  artifactName: name,
  artifactType: 'image',
  artifactPath: `s3://bucket/${name}`,
  storageBackend: 's3',
});

/** A build with an artifact. */
async function registered(bench: DoorBench) {
  const params = { buildId: await bench.newBuild() };
  const { id } = await bench.call('registerArtifact', { params, body: artifact('disk') });
  return { ...params, artifactId: id };
}

const effects: readonly Effect<OperationName>[] = [
  effect({
    operation: 'createProject',
    prepare: async () => ({ body: { name: `p-${randomUUID()}` } }),
    trace: async (bench, { body }) => {
      const all = await bench.call('listProjects', { query: { limit: '1000' } });
      return String(all.filter(({ name }) => name === body?.name).length);
    },
  }),
  ...referenceKinds.map((kind) => {
    const { create, list } = referenceOperations(kind);
    return effect({
      operation: create,
      prepare: async () => ({ body: { name: `r-${randomUUID()}` } }),
      trace: async (bench, { body }) => {
        const all = await bench.call(list, { query: { limit: '1000' } });
        return String(all.filter(({ name }) => name === body?.name).length);
      },
    });
  }),
  effect({
    operation: 'createStateCode',
    prepare: async (bench) => ({
      params: { projectId: await bench.newProject() },
      body: { stateCode: 7, name: 'seven' },
    }),
    trace: async (bench, { params }) => {
      const all = await bench.call('listStateCodes', { params: { projectId: String(params?.projectId) } });
      return String(all.length);
    },
  }),
  effect({
    operation: 'createResumableState',
    prepare: async (bench) => ({ params: { projectId: await bench.newProject() }, body: { stateCode: 30 } }),
    trace: async (bench, { params }) => {
      const all = await bench.call('listResumableStates', {
        params: { projectId: String(params?.projectId) },
      });
      return String(all.length);
    },
  }),
  effect({
    operation: 'createToken',
    prepare: async () => ({ params: { userId: 'me' }, body: { name: randomUUID(), scopes: ['read'] } }),
    trace: async (bench, { body }) => {
      const all = await bench.call('listTokens', { params: { userId: 'me' } });
      return String(all.filter(({ name }) => name === body?.name).length);
    },
  }),
  effect({
    operation: 'eraseUser',
    async prepare(bench) {
      const name = `${randomUUID()}@host`;
      await bench.call('createBuild', { body: { project: await bench.newProject(), createdBy: name } });
      return { params: { userId: '-' }, body: { name } };
    },
    trace: async (bench, { body }) => {
      const left = { name: String(body?.name), dryRun: true };
      return JSON.stringify(await bench.call('eraseUser', { params: { userId: '-' }, body: left }));
    },
  }),
  effect({
    operation: 'createBuild',
    prepare: async (bench) => ({ body: { project: await bench.newProject(), description: 'once' } }),
    trace: async (bench, { body }) => {
      const all = await bench.call('listBuilds', { query: { projectId: body?.project } });
      return all.map(({ buildNumber }) => buildNumber).join(' ');
    },
  }),
  effect({
    operation: 'recordState',
    prepare: async (bench) => ({ params: { buildId: await bench.newBuild() }, body: { state: 10 } }),
    trace: events,
  }),
  effect({
    operation: 'recordFailure',
    prepare: async (bench) => ({
      params: { buildId: await bench.newBuild() },
      body: { stateCode: 10, errorMessage: 'timed out' },
    }),
    trace: events,
  }),
  effect({
    operation: 'retryBuild',
    prepare: async (bench) => ({ params: { buildId: await atFailure(bench) }, body: {} }),
    trace: events,
  }),
  effect({
    operation: 'rollbackBuild',
    prepare: async (bench) => ({ params: { buildId: await atFailure(bench) }, body: { targetState: 10 } }),
    trace: events,
  }),
  effect({
    operation: 'cancelBuild',
    prepare: async (bench) => ({ params: { buildId: await atFailure(bench) } }),
    trace: events,
  }),
  effect({
    operation: 'updateBuild',
    prepare: async (bench) => ({
      params: { buildId: await bench.newBuild() },
      body: { description: 'changed' },
    }),
    trace: events,
  }),
  effect({
    operation: 'claimBuild',
    prepare: async (bench) => {
      const project = await bench.newProject();
      for (let count = 0; count < 3; count++) await bench.newBuild({ project });
      return { body: { project, holder: 'w' } };
    },
    trace: async (bench, { body }) => {
      const builds = await bench.call('listBuilds', { query: { projectId: String(body?.project) } });
      const histories = await Promise.all(builds.map(({ id }) => events(bench, { params: { buildId: id } })));
      return histories.join(', ');
    },
  }),
  effect({
    operation: 'acquireLease',
    prepare: async (bench) => ({ params: { buildId: await bench.newBuild() }, body: { holder: 'worker' } }),
    trace: events,
  }),
  effect({
    operation: 'registerArtifact',
    prepare: async (bench) => ({ params: { buildId: await bench.newBuild() }, body: artifact('disk') }),
    trace: events,
  }),
  effect({
    operation: 'verifyArtifact',
    prepare: async (bench) => ({
      params: await registered(bench),
      body: { verificationStatus: 'verified' },
    }),
    trace: events,
  }),
  effect({
    operation: 'promoteArtifact',
    prepare: async (bench) => ({ params: await registered(bench), body: { reason: 'fit' } }),
    trace: events,
  }),
  effect({
    operation: 'pinArtifact',
    prepare: async (bench) => ({ params: await registered(bench) }),
    trace: events,
  }),
  effect({
    operation: 'recordStates',
    prepare: async (bench) => ({
      params: { buildId: await bench.newBuild() },
      body: [{ state: 10 }, { state: 500 }, { state: 20, status: 'failed', error_message: 'broken' }],
    }),
    trace: events,
  }),
  effect({
    operation: 'bulkResume',
    prepare: async (bench) => {
      const build = await bench.call('getBuild', { params: { buildId: await atFailure(bench, true) } });
      return { body: { projectId: build.projectId } };
    },
    trace: async (bench, { body }) => {
      const [build] = await bench.call('listBuilds', { query: { projectId: String(body?.projectId) } });
      return events(bench, { params: { buildId: String(build?.id) } });
    },
  }),
  effect({
    operation: 'setVariable',
    prepare: async (bench) => ({
      params: { buildId: await bench.newBuild() },
      body: { variableKey: 'vm_id', variableValue: 'vm-1' },
    }),
    trace: events,
  }),
  effect({
    operation: 'rejectReport',
    prepare: async (bench) => ({
      params: { buildId: await atFailure(bench) },
      body: { reportEventId: randomUUID(), state: 30, code: 'build_closed', reason: 'It had ended.' },
    }),
    trace: events,
  }),
  effect({
    operation: 'forkBuild',
    prepare: async (bench) => {
      const buildId = await bench.newBuild();
      await bench.report(buildId, { state: 10 });
      return { params: { buildId }, body: { key: 'north' } };
    },
    trace: async (bench, { params }) => {
      const buildId = String(params?.buildId);
      const branches = await bench.call('listBuilds', { query: { parentBuildId: buildId } });
      return `${branches.length} ${await events(bench, { params: { buildId } })}`;
    },
  }),
  effect({
    operation: 'requestResume',
    prepare: async (bench) => ({ params: { buildId: await atFailure(bench) }, body: {} }),
    trace: events,
  }),
  effect({
    operation: 'linkJob',
    prepare: async (bench) => ({
      params: { buildId: await bench.newBuild() },
      body: { platform: 'jenkins' },
    }),
    trace: events,
  }),
];

/** How often each request is sent at once. */
const sendings = 20;

/** Sends until the answer is there: while another sending is under way, there is none. */
async function send(
  { door }: DoorBench,
  operation: OperationName,
  input: Input<OperationName>,
  idempotencyKey: string,
): Promise<Outcome<OperationName>> {
  for (;;) {
    try {
      return await door.call(operation, input, { idempotencyKey });
    } catch (error) {
      if (!(error instanceof RequestInFlightError)) throw error;
    }
  }
}

/** A request with a key of its caller's has one effect and one answer, however often it is sent. */
export function keyedCases(bench: DoorBench): void {
  it('knows every operation that is a POST', () => {
    const known = new Set(effects.map(({ operation }) => operation));
    const posts = (Object.keys(routes) as OperationName[]).filter((name) => routes[name].method === 'POST');
    expect(posts.filter((name) => !known.has(name))).toEqual([]);
  });

  for (const { operation, prepare, trace } of effects) {
    it(`performs ${operation} once for each key, also when it is sent many times at once`, async () => {
      const input = await prepare(bench);
      const key = randomUUID();
      const together = await Promise.all(
        Array.from({ length: sendings }, () => send(bench, operation, input, key)),
      );
      const once = await trace(bench, input);
      const again = await send(bench, operation, input, key);
      expect(again.replayed).toBe(true);
      for (const { body } of together) expect(body).toEqual(again.body);
      expect(together.filter(({ replayed }) => replayed !== true)).toHaveLength(1);
      expect(await trace(bench, input)).toBe(once);
    });
  }

  for (const operation of ['promoteArtifact', 'pinArtifact', 'verifyArtifact'] as const) {
    it(`takes the artifact's own tag for ${operation}, and answers a repetition under the same one`, async () => {
      const params = await registered(bench);
      const body = operation === 'verifyArtifact' ? { verificationStatus: 'stored' } : undefined;
      const { etag = '' } = await bench.door.call('getArtifact', { params });
      const input = { params, body } as Input<typeof operation>;
      const options = { ifMatch: [etag], idempotencyKey: randomUUID() };
      const first = await bench.door.call(operation, input, options);
      expect(first.etag).not.toBe(etag);
      expect(await bench.door.call(operation, input, options)).toEqual({ ...first, replayed: true });
      const late = () => bench.door.call(operation, input, { ifMatch: [etag] });
      await bench.refused('precondition_failed', late);
    });
  }

  it('gives the first answer also after what was made has changed', async () => {
    const key = randomUUID();
    const body = { name: `p-${randomUUID()}`, description: 'first' };
    const first = await bench.door.call('createProject', { body }, { idempotencyKey: key });
    await bench.call('updateProject', {
      params: { projectId: first.body.id },
      body: { description: 'second' },
    });
    const again = await bench.door.call('createProject', { body }, { idempotencyKey: key });
    expect(again).toEqual({ ...first, replayed: true });
  });

  it('refuses a key for another body, another operation and another build', async () => {
    const [one, two] = [await bench.newBuild(), await bench.newBuild()];
    const options = { idempotencyKey: randomUUID() };
    const report = { params: { buildId: one }, body: { state: 10 } };
    await bench.door.call('recordState', report, options);
    const refused = (run: () => Promise<unknown>) => bench.refused('key_reused', run);
    await refused(() => bench.door.call('recordState', { ...report, body: { state: 20 } }, options));
    await refused(() => bench.door.call('recordState', { ...report, params: { buildId: two } }, options));
    await refused(() => bench.door.call('retryBuild', { params: { buildId: one } }, options));
    await refused(() => bench.door.call('createProject', { body: { name: `p-${randomUUID()}` } }, options));
    await refused(() => bench.door.call('createBuild', { body: { project: 'conformance' } }, options));
    expect(await bench.history(one)).toEqual(['10#1 completed']);
    expect(await bench.history(two)).toEqual([]);
  });

  it('performs a request that failed when it is sent again, and no other one with its key', async () => {
    const options = { idempotencyKey: randomUUID() };
    const name = `p-${randomUUID()}`;
    const input = { params: { projectId: name }, body: { stateCode: 7, name: 'seven' } } as const;
    await bench.refused('not_found', () => bench.door.call('createStateCode', input, options));
    await bench.call('createProject', { body: { name } });
    const other = { ...input, body: { ...input.body, name: 'other' } };
    await bench.refused('key_reused', () => bench.door.call('createStateCode', other, options));
    const made = await bench.door.call('createStateCode', input, options);
    expect(made).toMatchObject({ body: { stateCode: 7, name: 'seven' } });
    expect(await bench.door.call('createStateCode', input, options)).toEqual({ ...made, replayed: true });
  });

  it('performs a report that failed when it is sent again', async () => {
    const build = await bench.newBuild();
    const input = { params: { buildId: build }, body: { targetState: 10 } };
    const options = { idempotencyKey: randomUUID() };
    const refusal = await bench.door.call('rollbackBuild', input, options).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Error);
    await bench.report(build, { state: 10 });
    await bench.report(build, { state: 20 });
    expect((await bench.door.call('rollbackBuild', input, options)).body.currentState).toBe(10);
  });

  it('binds no key to a request that is not understood', async () => {
    const options = { idempotencyKey: randomUUID() };
    const name = `p-${randomUUID()}`;
    const wrong = { body: { name, colour: 'red' } } as unknown as Input<'createProject'>;
    await bench.refused('validation_failed', () => bench.door.call('createProject', wrong, options));
    expect((await bench.door.call('createProject', { body: { name } }, options)).body.name).toBe(name);
  });

  it('counts a report with an event_id and a key once, whichever is repeated', async () => {
    const build = await bench.newBuild();
    const input = { params: { buildId: build }, body: { state: 10, eventId: randomUUID() } };
    const first = await bench.door.call('recordState', input, { idempotencyKey: randomUUID() });
    expect((await bench.door.call('recordState', input, { idempotencyKey: randomUUID() })).body).toEqual(
      first.body,
    );
    expect((await bench.door.call('recordState', input)).body).toEqual(first.body);
    expect(await bench.history(build)).toEqual(['10#1 completed']);
  });

  it('refuses keys that are none', async () => {
    const body = { name: `p-${randomUUID()}` };
    for (const idempotencyKey of ['', 'two words', 'ä', 'x'.repeat(256)]) {
      const call = () => bench.door.call('createProject', { body }, { idempotencyKey });
      const error = await bench.refused('validation_failed', call);
      expect(error.problems[0]?.path).toBe('Idempotency-Key');
    }
    await bench.door.call('createProject', { body }, { idempotencyKey: `"\\${'x'.repeat(253)}` });
  });
}
