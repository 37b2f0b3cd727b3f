import { openStateStore } from '@buildstate/state-stores';
import { createMemoryStore } from '@buildstate/state-stores/memory';
import { describe, onTestFinished, test } from 'vitest';
import { addresses, newFolder } from '../moving/places.ts';
import { expectForgotten, filesHold } from './canary.ts';

const { memory: _, ...onDisk } = addresses;

describe('a person who is forgotten', () => {
  test.each(Object.entries(onDisk))('is in no byte of %s', async (_, address) => {
    const folder = await newFolder();
    const store = await openStateStore(address(folder));
    onTestFinished(() => store.close());
    await expectForgotten({
      store,
      folder: await newFolder(),
      holds: (text) => filesHold(folder, text),
    });
  });

  test('is in no record of memory', async () => {
    const store = createMemoryStore();
    await expectForgotten({
      store,
      folder: await newFolder(),
      holds: async (text) => (await store.findActors(`${text}@buildhost`)).length > 0,
    });
  });
});
