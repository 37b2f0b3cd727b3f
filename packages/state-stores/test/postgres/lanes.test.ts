import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type LaneOptions, Lanes } from '../../src/postgres/lanes.ts';

/** Lanes whose batches end when the test says so, each item coming to its own name. */
function heldLanes(options: Partial<LaneOptions<string, string>> = {}) {
  const batches: { readonly items: readonly string[]; readonly end: () => void }[] = [];
  const lanes = new Lanes<string, string>({
    lanes: 2,
    largest: 64,
    patience: 600_000,
    ...options,
    async run(items) {
      await new Promise<void>((end) => {
        batches.push({ items, end });
      });
      return items.map((item) => () => {
        if (item.startsWith('bad')) throw new Error(item);
        return item;
      });
    },
  });
  return { lanes, batches, sizes: () => batches.map(({ items }) => items.length) };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await nextTurn();
}

const items = (count: number, name: string) => Array.from({ length: count }, (_, index) => `${name}${index}`);

test('what comes in one turn is one batch', async () => {
  const { lanes, sizes } = heldLanes();
  for (const item of items(5, 'a')) void lanes.add(item);
  await turns();
  expect(sizes()).toEqual([5]);
});

test('a second lane starts once as much waits as is under way', async () => {
  const { lanes, sizes } = heldLanes({ keyOf: (item) => item });
  for (const item of items(3, 'a')) void lanes.add(item);
  await turns();
  for (const item of items(3, 'b')) void lanes.add(item);
  await turns();
  expect(sizes()).toEqual([3, 3]);
});

test('what is less waits for the batch under way', async () => {
  const { lanes, sizes } = heldLanes();
  for (const item of items(3, 'a')) void lanes.add(item);
  await turns();
  void lanes.add('b');
  await turns();
  expect(sizes()).toEqual([3]);
});

test('it does not wait for long', async () => {
  const { lanes, batches } = heldLanes({ patience: 1 });
  for (const item of items(3, 'a')) void lanes.add(item);
  await turns();
  void lanes.add('b');
  await expect.poll(() => batches[1]?.items).toEqual(['b']);
});

test('what waits starts when nothing is under way any more', async () => {
  const { lanes, batches, sizes } = heldLanes();
  const first = items(3, 'a').map((item) => lanes.add(item));
  await turns();
  const late = lanes.add('b');
  batches[0]?.end();
  expect(await Promise.all(first)).toEqual(['a0', 'a1', 'a2']);
  await expect.poll(sizes).toEqual([3, 1]);
  batches[1]?.end();
  expect(await late).toBe('b');
});

test('what waits is under way before those go on whose batch has ended', async () => {
  const { lanes, batches, sizes } = heldLanes();
  const [first] = items(3, 'a').map((item) => lanes.add(item).then(sizes));
  await turns();
  void lanes.add('b');
  batches[0]?.end();
  expect(await first).toEqual([3, 1]);
});

test('items with the same key are never under way together', async () => {
  const { lanes, batches } = heldLanes({ keyOf: () => 'build' });
  const [one, two] = [lanes.add('one'), lanes.add('two')];
  await turns();
  expect(batches.map((batch) => batch.items)).toEqual([['one']]);
  batches[0]?.end();
  await one;
  await expect.poll(() => batches[1]?.items).toEqual(['two']);
  batches[1]?.end();
  expect(await two).toBe('two');
});

test('no batch is larger than the largest, also where more is under way', async () => {
  const { lanes, sizes } = heldLanes({ largest: 4 });
  for (const item of items(20, 'a')) void lanes.add(item);
  await turns();
  expect(sizes()).toEqual([4, 4]);
});

test('an item that fails takes no other with it', async () => {
  const { lanes, batches } = heldLanes();
  const good = lanes.add('good');
  const bad = lanes.add('bad');
  await turns();
  batches[0]?.end();
  expect(await good).toBe('good');
  await expect(bad).rejects.toThrow('bad');
});
