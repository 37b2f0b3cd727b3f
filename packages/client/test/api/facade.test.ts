import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuildStateClient, connect, detectCi, jobLink } from '../../src/index.ts';
import { examples } from '../ci/environments.ts';
import { adminKey, type LiveServer, liveServer } from '../support/live-server.ts';

let server: LiveServer;
let client: BuildStateClient;

beforeAll(async () => {
  server = await liveServer({ store: 'memory:' });
  client = await connect(server.url, { apiKey: adminKey, env: {}, reporter: 'ci:job#1', flushSpool: false });
});
afterAll(async () => {
  await client.close();
  await server.remove();
});

async function newBuild(): Promise<string> {
  return (await client.builds.create({ project: 'facade', platform: 'aws' })).id;
}

describe('lists', () => {
  it('are fetched page by page as they are read', async () => {
    await client.projects.create({ name: 'many' });
    for (let number = 1; number <= 5; number++) {
      await client.builds.create({ project: 'many', buildNumber: `n${number}` });
    }
    const builds = client.builds.list({ projectId: 'many', limit: 2 });
    const numbers: string[] = [];
    for await (const { buildNumber } of builds) numbers.push(buildNumber);
    expect(numbers).toEqual(['n5', 'n4', 'n3', 'n2', 'n1']);
    const sizes: number[] = [];
    for await (const { items } of builds.pages()) sizes.push(items.length);
    expect(sizes).toEqual([2, 2, 1]);
    const first = await builds.page();
    expect((await builds.page(first.next)).items.map(({ buildNumber }) => buildNumber)).toEqual(['n3', 'n2']);
    expect(await builds.all()).toHaveLength(5);
  });

  it('stop asking when the reader stops', async () => {
    let pages = 0;
    const { listing } = await import('../../src/api/listing.ts');
    const endless = listing(async () => {
      pages += 1;
      return { items: [pages], next: 'more' };
    });
    for await (const page of endless) if (page === 3) break;
    expect(pages).toBe(3);
  });

  it('take numbers and flags where the wire has texts', async () => {
    const build = await newBuild();
    for (const state of [5, 10]) await client.builds.record(build, { state });
    expect((await client.builds.attempts(build, { state: 5 }).all()).map(({ state }) => state)).toEqual([5]);
    expect(
      (await client.builds.events(build, { afterSeq: 2, limit: 1 }).all()).every(({ seq }) => seq > 2),
    ).toBe(true);
    expect(await client.projects.list({ includeDeactivated: true }).all()).not.toEqual([]);
  });
});

describe('builds', () => {
  it('go through their life', async () => {
    const build = await newBuild();
    expect(await client.builds.resolve(build.slice(0, 23))).toBe(build);
    expect((await client.builds.update(build, { description: 'golden' })).description).toBe('golden');
    await client.builds.record(build, { state: 10 });
    await client.builds.record(build, { state: 25 });
    const failed = await client.builds.fail(build, { stateCode: 30, errorMessage: 'connection timed out' });
    expect(failed).toMatchObject({
      status: 'failed',
      reportedBy: 'ci:job#1',
      retryDecision: { retry: true },
    });
    expect(await client.builds.failures(build).all()).toMatchObject([{ state: 30 }]);
    expect((await client.resume.context(build)).resumeFromState).toBe(30);
    expect((await client.builds.retry(build, { reason: 'network mended' })).status).toBe('running');
    expect((await client.builds.rollback(build, { targetState: 10 })).currentState).toBe(10);
    expect((await client.builds.state(build)).history.length).toBeGreaterThan(3);
    expect((await client.builds.cancel(build)).status).toBe('cancelled');
    await client.builds.delete(build);
    await expect(client.builds.get(build)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('take the id that the caller brings, and one report once', async () => {
    const id = randomUUID();
    const body = { id, project: 'facade', buildNumber: `mine-${id}` };
    expect((await client.builds.create(body)).id).toBe(id);
    expect((await client.builds.create(body)).id).toBe(id);
    const report = { state: 10, status: 'failed', eventId: randomUUID() } as const;
    const [first, second] = [await client.builds.record(id, report), await client.builds.record(id, report)];
    expect(second).toEqual(first);
  });
});

describe('everything else', () => {
  it('configures projects', async () => {
    const project = (await client.projects.create({ name: 'configured' })).name;
    await client.projects.update(project, { description: 'x' });
    expect((await client.projects.get(project)).description).toBe('x');
    await client.stateCodes.create(project, { stateCode: 42, name: 'fourty-two' });
    await client.stateCodes.put(project, 42, { name: 'forty-two' });
    expect(await client.stateCodes.get(project, 42)).toMatchObject({ name: 'forty-two' });
    await client.stateCodes.deprecate(project, 42);
    expect(
      (await client.stateCodes.list(project)).find(({ stateCode }) => stateCode === 42)?.deprecatedAt,
    ).not.toBeNull();
    await client.retryPolicies.put(project, 'default', { preset: 'manual' });
    await client.retryPolicies.put(project, 5, { maxAttempts: 7 });
    expect((await client.retryPolicies.list(project)).map(({ stateCode }) => stateCode)).toEqual([null, 5]);
    await client.resumableStates.create(project, { stateCode: 10, requiredArtifacts: ['base'] });
    await client.resumableStates.put(project, 25, { resumeStrategy: 'rerun_state' });
    expect(await client.resumableStates.get(project, 25)).toMatchObject({ resumeStrategy: 'rerun_state' });
    await client.resumableStates.delete(project, 25);
    expect(await client.resumableStates.list(project)).toHaveLength(1);
    await client.projects.delete(project);
  });

  it('keeps variables', async () => {
    const build = await newBuild();
    await client.variables.set(build, {
      variableKey: 'ip',
      variableValue: '10.0.0.1',
      isRequiredForResume: true,
    });
    await client.variables.set(build, {
      variableKey: 'password',
      variableValue: 'hunter2',
      isSensitive: true,
    });
    expect(await client.variables.dict(build)).toEqual({ ip: '10.0.0.1' });
    expect(
      (await client.variables.list(build, { requiredForResume: true })).map(({ variableKey }) => variableKey),
    ).toEqual(['ip']);
    expect((await client.variables.update(build, 'ip', { variableValue: '10.0.0.2' })).variableValue).toBe(
      '10.0.0.2',
    );
    expect((await client.variables.get(build, 'password')).variableValue).toBe('hunter2');
    await client.variables.delete(build, 'ip');
    expect((await client.resume.context(build, { verify: true })).variables).toEqual({ password: 'hunter2' });
  });

  it('asks for resumption and links jobs', async () => {
    const build = await newBuild();
    await client.builds.fail(build, { stateCode: 10, errorMessage: 'x' });
    const request = await client.resume.request(build, { resumeReason: 'again' });
    expect(await client.resume.list(build)).toMatchObject([{ id: request.id }]);
    await client.resume.update(request.id, { orchestrationStatus: 'triggered' });
    expect((await client.resume.get(request.id)).orchestrationStatus).toBe('triggered');
    const job = detectCi(examples.gitlab?.env ?? {});
    if (job === undefined) throw new Error('no job was detected');
    const linked = await client.jobs.link(build, jobLink(job));
    expect(linked).toMatchObject({ platform: 'gitlab', jobId: '8421377001', status: 'running' });
    await client.jobs.update(build, linked.id, { status: 'success' });
    expect(await client.jobs.list(build)).toMatchObject([{ id: linked.id, status: 'success' }]);
  });

  it('makes keys, and refuses them after they were revoked', async () => {
    const { key, id } = await client.tokens.create({ name: 'reader', scopes: ['read'] });
    expect((await client.tokens.list()).map((token) => token.id)).toContain(id);
    const reader = await connect(server.url, { apiKey: key, env: {}, flushSpool: false });
    expect(await reader.whoami()).toMatchObject({ scopes: ['read'] });
    await expect(reader.builds.create({ project: 'facade' })).rejects.toMatchObject({ code: 'forbidden' });
    await client.tokens.revoke(id);
    await expect(reader.whoami()).rejects.toMatchObject({ code: 'unauthenticated' });
    await reader.close();
  });
});
