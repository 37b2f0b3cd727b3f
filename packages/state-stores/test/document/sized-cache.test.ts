import { expect, test } from 'vitest';
import { SizedCache } from '../../src/document/sized-cache.ts';

test('a cache keeps what was used last, up to its size', () => {
  const cache = new SizedCache<string>(10);
  cache.set('a', 'A', 4);
  cache.set('b', 'B', 4);
  expect(cache.get('a')).toBe('A');
  cache.set('c', 'C', 4);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['A', undefined, 'C']);
  cache.set('a', 'A2', 2);
  cache.set('d', 'D', 4);
  expect([cache.get('a'), cache.get('c'), cache.get('d')]).toEqual(['A2', 'C', 'D']);
  cache.set('huge', 'H', 11);
  expect(cache.get('huge')).toBeUndefined();
  cache.delete('a');
  expect(cache.get('a')).toBeUndefined();
});
