import type { OperationInput } from '@buildstate/core';
import { expect, onTestFinished, test } from 'vitest';
import { openStateStore } from '../../src/index.ts';
import { openTracker } from '../door/open-tracker.ts';
import { interruptedStore } from './failing-store.ts';
import { startProcess } from './start-process.ts';

/** How a parent, its branches and whoever works on them are seen from one more process. */
async function benchOver(uri: string) {
  const { door, remove } = await openTracker(() => openStateStore(uri));
  onTestFinished(remove);
  const params = (buildId: string) => ({ params: { buildId } });
  const bench = {
    door,
    get: async (id: string) => (await door.call('getBuild', params(id))).body,
    report: async (id: string, body: OperationInput<'recordState'>['body']) =>
      (await door.call('recordState', { ...params(id), body })).body,
    fork: async (id: string, key: string, more = {}) =>
      (await door.call('forkBuild', { ...params(id), body: { key, until: 90, ...more } })).body,
    forkHeld: async (id: string, key: string) => {
      const branch = await bench.fork(id, key);
      await door.call('acquireLease', { ...params(branch.id), body: { holder: 'w', ttlSeconds: 3600 } });
      return branch.id;
    },
    claim: async (project: string) =>
      (await door.call('claimBuild', { body: { project, holder: 'w', waitSeconds: 30 } })).body,
    eventTypes: async (id: string) =>
      (await door.call('listEvents', { ...params(id), query: { limit: '1000' } })).body.map(
        ({ type }) => type,
      ),
    /** A build that has come to the state before its branches join, so that nothing but they is to be done. */
    newParent: async (project = 'images') => {
      const { id } = (await door.call('createBuild', { body: { project } })).body;
      for (const state of [50, 85]) await bench.report(id, { state });
      return id;
    },
  };
  return bench;
}

/** What a parent shows of a branch whose build was not made. */
const notMade = { branchKey: 'eu', status: 'pending', currentState: 85, until: 90, made: false };

/**
 * Registers what must hold when whoever forks, or completes the last branch, is gone halfway.
 * @param newUri the address of a new, empty store that other processes can open
 */
export function describeInterruptions(newUri: () => Promise<string>): void {
  test('a fork that was killed before the branch was made holds the parent, and asking again makes it', async () => {
    const uri = await newUri();
    const bench = await benchOver(uri);
    const parent = await bench.newParent();
    expect(await startProcess('fork', uri, parent, 'eu', '90').ended).toBe('SIGKILL');
    const shown = await bench.get(parent);
    expect(shown.blockedBy).toMatchObject([notMade]);
    const [remembered] = shown.branches;
    await expect(bench.get(remembered?.buildId ?? '')).rejects.toMatchObject({ code: 'not_found' });
    await expect(bench.report(parent, { state: 95 })).rejects.toMatchObject({
      code: 'blocked_by_branches',
      message: expect.stringMatching(/before its build was made.*bldst build branch .* eu --until 90/),
      context: { blocked_by: [{ branch_key: 'eu', made: false }] },
    });
    const branch = await bench.fork(parent, 'eu');
    expect(branch).toMatchObject({ id: remembered?.buildId, branchedFromState: 85, status: 'pending' });
    expect((await bench.get(parent)).blockedBy).toMatchObject([{ ...notMade, made: true }]);
    expect((await bench.eventTypes(parent)).filter((type) => type === 'build.branched')).toHaveLength(1);
    await bench.report(branch.id, { state: 90 });
    await bench.report(parent, { state: 95 });
  }, 120_000);

  test('a branch that was never made can be let go, or forked again otherwise', async () => {
    const uri = await newUri();
    const store = await openStateStore(uri);
    const failing = interruptedStore(store, {
      beforeCreating: async ({ head }) => {
        if (head.build.parentBuildId !== null) throw new Error('the disk is full');
      },
    });
    const { door, remove } = await openTracker(() => failing);
    onTestFinished(remove);
    const bench = await benchOver(uri);
    const parent = await bench.newParent();
    for (const key of ['eu', 'us']) {
      const input = { params: { buildId: parent }, body: { key, until: 90 } };
      await expect(door.call('forkBuild', input)).rejects.toThrow('the disk is full');
    }
    await bench.door.call('letBranchGo', { params: { buildId: parent, branchKey: 'us' } });
    const branch = await bench.fork(parent, 'eu', { again: true, metadata: { try: 2 } });
    expect((await bench.get(parent)).blockedBy).toMatchObject([{ branchKey: 'eu', made: true }]);
    await bench.report(branch.id, { state: 90 });
    await bench.report(parent, { state: 95 });
  }, 120_000);

  test('a branch that is replaced while it is being made does not go on by itself', async () => {
    const uri = await newUri();
    const bench = await benchOver(uri);
    const parent = await bench.newParent();
    let replace: (() => Promise<unknown>) | undefined = () => bench.fork(parent, 'eu', { again: true });
    const store = await openStateStore(uri);
    const slow = interruptedStore(store, {
      beforeCreating: async () => {
        await replace?.();
        replace = undefined;
      },
    });
    const { door, remove } = await openTracker(() => slow);
    onTestFinished(remove);
    const input = { params: { buildId: parent }, body: { key: 'eu', until: 90 } };
    const replaced = (await door.call('forkBuild', input)).body;
    expect(replaced.status).toBe('cancelled');
    const { branches } = await bench.get(parent);
    expect(branches).toMatchObject([{ branchKey: 'eu', replaces: replaced.id, generation: 2 }]);
  }, 120_000);

  test('a parent goes on though whoever completed its last branch was killed before anybody knew', async () => {
    const uri = await newUri();
    const bench = await benchOver(uri);
    const parent = await bench.newParent();
    const { id } = await bench.fork(parent, 'eu');
    expect(await startProcess('complete', uri, id, '90').ended).toBe('SIGKILL');
    expect(await bench.get(id)).toMatchObject({ status: 'completed' });
    expect((await bench.get(parent)).blockedBy).toEqual([]);
    expect(await bench.claim('images')).toMatchObject({
      build: { id: parent },
      reason: 'free',
      nextState: 90,
    });
  }, 120_000);

  test('two processes that complete the last two branches at once hand their parent to exactly one', async () => {
    const uri = await newUri();
    const bench = await benchOver(uri);
    const processes = [startProcess('join', uri), startProcess('join', uri)];
    for (const each of processes) expect(await each.next()).toBe('ready');
    for (let round = 0; round < 10; round++) {
      const project = `round-${round}`;
      const parent = await bench.newParent(project);
      // Held, so that neither process is given the other one's branch.
      const branches = [await bench.forkHeld(parent, 'a'), await bench.forkHeld(parent, 'b')];
      const answers = processes.map((each, index) => {
        each.tell(`${branches[index]} 1 90 ${project}`);
        return each.next();
      });
      // Nobody ends before somebody has the parent: nobody at all would show as a time-out.
      await Promise.race(answers);
      for (const each of processes) each.tell('stop');
      const said = await Promise.all(answers);
      expect(said.toSorted()).toEqual([`joined ${parent} 1`, 'nothing']);
      expect((await bench.get(parent)).blockedBy).toEqual([]);
      expect((await bench.eventTypes(parent)).filter((type) => type === 'lease.acquired')).toHaveLength(1);
      await bench.report(parent, { state: 90, leaseToken: 1 });
      await bench.report(parent, { state: 100, leaseToken: 1 });
    }
  }, 240_000);
}
