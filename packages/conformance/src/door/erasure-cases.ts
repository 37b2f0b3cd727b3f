import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

/** Somebody whom nothing else names. */
const newPerson = () => ({ user: `erika-${randomUUID()}`, host: 'buildhost' });

const erased = /^erased-[0-9a-f]{16}$/;

/** Forgetting people. */
export function erasureCases(bench: DoorBench): void {
  const erase = (body: { readonly name: string; readonly dryRun?: boolean; readonly search?: boolean }) =>
    bench.call('eraseUser', { params: { userId: '-' }, body });

  /** A build in which somebody has done everything that has a name. */
  async function worked({ user, host }: ReturnType<typeof newPerson>): Promise<string> {
    const by = `${user}@${host}`;
    const { id: buildId } = await bench.call('createBuild', {
      body: {
        project: await bench.newProject(),
        createdBy: by,
        job: { platform: 'jenkins', triggeredBy: by },
      },
    });
    const params = { buildId };
    const lease = await bench.call('acquireLease', {
      params,
      body: { holder: by, identity: { host, user, pid: 7 } },
    });
    expect(lease).toMatchObject({ holder: by, identity: { host, user } });
    await bench.report(buildId, { state: 10, status: 'started', reportedBy: by, leaseToken: lease.token });
    await bench.report(buildId, { state: 10, reportedBy: by, leaseToken: lease.token });
    const artifact = await bench.call('registerArtifact', {
      params,
      body: {
        ...{ stateCode: 10, artifactName: 'disk', artifactType: 'image', artifactPath: 's3://b/disk' },
        ...{ storageBackend: 's3', leaseToken: lease.token },
      },
    });
    await bench.call('promoteArtifact', {
      params: { buildId, artifactId: artifact.id },
      body: { promotedBy: by },
    });
    await bench.call('cancelBuild', { params, body: { reason: 'Enough', reportedBy: by } });
    return buildId;
  }

  /** Everything that is answered of a build, as one text. */
  async function told(buildId: string): Promise<string> {
    const params = { buildId };
    const answers = [
      await bench.call('getBuild', { params }),
      await bench.call('listAttempts', { params }),
      await bench.call('listArtifacts', { params }),
      await bench.call('listJobs', { params }),
      await bench.call('listEvents', { params }),
    ];
    return JSON.stringify(answers);
  }

  /** The same once other servers have stopped to believe what they knew of names, which they do for a second. */
  async function forgotten(buildId: string, text: string): Promise<string> {
    const since = performance.now() + 1500;
    await expect.poll(() => performance.now() > since, { timeout: 60_000, interval: 100 }).toBe(true);
    const after = await told(buildId);
    expect(after).not.toContain(text);
    return after;
  }

  const times = (text: string, part: string) => text.split(part).length - 1;

  it('takes a name out of everything, and leaves one and the same somebody', async () => {
    const person = newPerson();
    const name = `${person.user}@${person.host}`;
    const buildId = await worked(person);
    const before = await told(buildId);
    expect(times(before, person.user)).toBeGreaterThan(7);
    const { users } = await erase({ name });
    expect(users).toEqual([expect.stringMatching(erased)]);
    const after = await forgotten(buildId, person.user);
    expect(times(after, String(users[0]))).toBe(times(before, person.user));
    expect(await bench.call('verifyEvents', { params: { buildId } })).toMatchObject({ problem: null });
  });

  it('erases a name once, and knows nobody by it afterwards', async () => {
    const person = newPerson();
    const name = `${person.user}@${person.host}`;
    const buildId = await worked(person);
    expect((await erase({ name })).users).toHaveLength(1);
    const after = await forgotten(buildId, person.user);
    expect(await erase({ name })).toEqual({
      ...{ dryRun: false, users: [], keys: [], mentions: null, mentionCount: null },
    });
    expect(await told(buildId)).toBe(after);
  });

  it('says first what it would do, and where texts that people wrote hold the name', async () => {
    const person = newPerson();
    const name = `${person.user}@${person.host}`;
    const buildId = await worked(person);
    await bench.call('updateBuild', { params: { buildId }, body: { description: `Ask ${name} first` } });
    const before = await told(buildId);
    const found = await erase({ name, dryRun: true });
    expect(found).toMatchObject({ dryRun: true, users: [name], keys: [], mentionCount: 1 });
    expect(found.mentions).toEqual([
      { record: expect.stringMatching(/^build .*:1$/), field: 'head.build.description' },
    ]);
    expect(await told(buildId)).toBe(before);
    await erase({ name });
    expect((await bench.call('getBuild', { params: { buildId } })).description).toBe(`Ask ${name} first`);
  });

  it('revokes the keys that are forgotten, and takes their name', async () => {
    const made = await bench.call('createToken', {
      params: { userId: 'me' },
      body: { name: `laptop of ${newPerson().user}`, scopes: ['read'] },
    });
    const { keys } = await bench.call('eraseUser', { params: { userId: made.id }, body: {} });
    expect(keys).toEqual([made.id]);
    const all = await bench.call('listTokens', { params: { userId: 'me' } });
    const kept = all.find(({ id }) => id === made.id);
    expect(kept).toMatchObject({ name: 'erased', revokedAt: expect.any(String) });
  });

  it('asks whose name it is', async () => {
    const problem = await bench.refused('validation_failed', () =>
      bench.call('eraseUser', { params: { userId: '-' }, body: {} }),
    );
    expect(problem.problems).toMatchObject([{ path: 'name' }]);
  });
}
