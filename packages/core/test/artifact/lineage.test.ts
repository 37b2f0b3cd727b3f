import type { Artifact, InBuild } from '@buildstate/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ancestorsOf, descendantsOf, type LineageSource } from '../../src/artifact/lineage.ts';

type Graph = Readonly<Record<string, readonly string[]>>;

/** Artifacts by id with their parents; parents may be missing. */
function sourceOf(graph: Graph): LineageSource & { readonly of: (id: string) => Artifact } {
  const of = (id: string) =>
    ({ id, buildId: `build ${id}`, parents: graph[id] ?? [] }) as unknown as Artifact;
  const found = (id: string) => ({ record: of(id), build: {} }) as InBuild<Artifact>;
  return {
    of,
    withIds: async (ids) => ids.filter((id) => id in graph).map(found),
    withParents: async (ids, most) =>
      Object.keys(graph)
        .filter((id) => graph[id]?.some((parent) => ids.includes(parent)))
        .slice(0, most)
        .map(found),
  };
}

const wide = { depth: 100, artifacts: 1000 };

/** Fewest steps from one artifact to each other one that it leads to. */
function distances(from: string, next: (id: string) => readonly string[]): Map<string, number> {
  const known = new Map([[from, 0]]);
  for (const [id, distance] of known)
    for (const to of next(id)) if (!known.has(to)) known.set(to, distance + 1);
  known.delete(from);
  return known;
}

const graph: fc.Arbitrary<Graph> = fc
  .array(fc.array(fc.nat(14), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
  .map((rows) => Object.fromEntries(rows.map((parents, id) => [String(id), parents.map(String)])));

it('names every relative once at its smallest distance, in any graph: cycles and missing parents too', async () => {
  await fc.assert(
    fc.asyncProperty(graph, async (parents) => {
      const source = sourceOf(parents);
      const up = await ancestorsOf(source.of('0'), source, wide);
      expect(up.truncated).toBe(false);
      expect(new Map(up.relatives.map(({ id, depth }) => [id, depth]))).toEqual(
        distances('0', (id) => parents[id] ?? []),
      );
      for (const { id, found } of up.relatives) expect(found !== undefined).toBe(id in parents);
      const down = await descendantsOf(source.of('0'), source, wide);
      const children = (id: string) => Object.keys(parents).filter((other) => parents[other]?.includes(id));
      expect(new Map(down.relatives.map(({ id, depth }) => [id, depth]))).toEqual(distances('0', children));
      expect(new Set(up.relatives.map(({ id }) => id)).size).toBe(up.relatives.length);
    }),
  );
});

it('stays within its limits and says when there is more', async () => {
  await fc.assert(
    fc.asyncProperty(graph, fc.integer({ min: 1, max: 3 }), async (parents, most) => {
      const source = sourceOf(parents);
      for (const limits of [
        { depth: most, artifacts: 1000 },
        { depth: 100, artifacts: most },
      ]) {
        const [up, down] = [
          await ancestorsOf(source.of('0'), source, limits),
          await descendantsOf(source.of('0'), source, limits),
        ];
        const all = await ancestorsOf(source.of('0'), source, wide);
        expect(up.truncated).toBe(up.relatives.length < all.relatives.length);
        for (const { relatives } of [up, down]) {
          expect(relatives.length).toBeLessThanOrEqual(limits.artifacts);
          expect(Math.max(0, ...relatives.map(({ depth }) => depth))).toBeLessThanOrEqual(limits.depth);
        }
        const whole = await descendantsOf(source.of('0'), source, wide);
        if (!down.truncated) expect(down.relatives.length).toBe(whole.relatives.length);
      }
    }),
  );
});
