import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openStateStore } from '@buildstate/state-stores';
import { expect, onTestFinished, test, vi } from 'vitest';

const script = fileURLToPath(new URL('./turns.ts', import.meta.url));

/** What an instance told: `begin` or `end`, who, and when. */
interface Told {
  readonly what: string;
  readonly who: string;
  readonly at: number;
}

function instance(
  uri: string,
  name: string,
  milliseconds: number,
  ttlSeconds: number,
  told: Told[],
): ChildProcess {
  const words = [uri, name, String(milliseconds), String(ttlSeconds)];
  const child = spawn(process.execPath, ['--conditions=@buildstate/source', script, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [what = '', who = '', at = ''] = line.split(' ');
    told.push({ what, who, at: Number(at) });
  });
  return child;
}

const patience = { timeout: 60_000, interval: 20 };

/** Every turn ends before the next begins, whoever's it is. A turn that was cut off by a kill has no end. */
function expectOneAtATime(told: readonly Told[], killed?: string): void {
  const inOrder = told.toSorted((a, b) => a.at - b.at || (a.what === 'end' ? -1 : 1));
  let under: string | undefined;
  for (const { what, who } of inOrder) {
    if (what === 'begin') expect([undefined, killed]).toContain(under);
    else expect(who).toBe(under);
    under = what === 'begin' ? who : undefined;
  }
}

/** Tests with processes over a store that several can use; `place` makes an address of an empty one. */
export function turnCases(place: () => Promise<string>): void {
  test('three processes take turns, and never two are at it', async () => {
    const uri = await place();
    await (await openStateStore(uri)).close();
    const told: Told[] = [];
    const names = ['a', 'b', 'c'];
    const children = names.map((name) => instance(uri, name, 15, 600, told));
    const turnsOf = (name: string) => told.filter(({ what, who }) => what === 'end' && who === name).length;
    await vi.waitUntil(() => names.every((name) => turnsOf(name) >= 4), patience);
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map((child) => once(child, 'exit')));
    expectOneAtATime(told);
  }, 120_000);

  test('a process that is killed is replaced once it has been silent for its time, not sooner', async () => {
    const uri = await place();
    const store = await openStateStore(uri);
    onTestFinished(() => store.close());
    const heldUntil = async () => (await store.listDuties())[0]?.heldUntil ?? '';
    const told: Told[] = [];
    const ttlSeconds = 9;
    const first = instance(uri, 'first', 600_000, ttlSeconds, told);
    await vi.waitUntil(() => told.length === 1, patience);
    const second = instance(uri, 'second', 1, ttlSeconds, told);
    const taken = await heldUntil();
    await vi.waitUntil(async () => (await heldUntil()) > taken, patience);
    expect(told).toHaveLength(1);
    const until = await heldUntil();
    first.kill('SIGKILL');
    await vi.waitUntil(() => told.length > 2, patience);
    second.kill('SIGTERM');
    await once(second, 'exit');
    expect(told[1]).toMatchObject({ what: 'begin', who: 'second' });
    expect(told[1]?.at).toBeGreaterThanOrEqual(Date.parse(until));
    expectOneAtATime(told, 'first');
    expect(await store.listDuties()).toMatchObject([{ holder: 'second', outcome: 'done' }]);
  }, 120_000);
}
