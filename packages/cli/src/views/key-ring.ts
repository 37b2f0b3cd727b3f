import type { KeyDescription } from '@buildstate/node-runtime';
import { ageOf } from '../output/amounts.ts';
import type { Style } from '../output/style.ts';
import { table } from '../output/table.ts';
import type { View } from '../output/view.ts';

function useOf({ signs, retiredAt }: KeyDescription, style: Style): string {
  if (signs) return 'signs and verifies';
  return retiredAt !== null && Date.parse(retiredAt) <= style.now ? 'retired' : 'verifies';
}

/** The keys of a ring, without their secrets. */
export function keyRingView(keys: readonly KeyDescription[], body: unknown = keys): View {
  return {
    body,
    ids: () => keys.map(({ id }) => id),
    text: (style) =>
      keys.length === 0
        ? 'No keys.'
        : table(style, keys, [
            { title: 'Id', value: ({ id }) => id },
            {
              title: 'Age',
              value: ({ createdAt }) => (createdAt === null ? undefined : ageOf(createdAt, style.now)),
              align: 'right',
            },
            { title: 'Use', value: (key) => useOf(key, style) },
            { title: 'Retired', value: ({ retiredAt }) => retiredAt },
          ]),
  };
}
