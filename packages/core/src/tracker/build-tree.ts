import type { Branch } from '../branch/branch.ts';
import type { Build } from '../build/build.ts';
import { compareText } from '../lists/compare.ts';
import type { OperationAnswer } from '../wire/contract.ts';
import { buildViews } from './build-views.ts';
import type { Engine } from './engine.ts';
import { withOutlooks } from './outlook.ts';
import { byId, loadAncestors } from './surroundings.ts';

/** Most builds of a tree that are shown. */
const mostBuilds = 1000;

/** A build in its tree, with what its parent says of it. */
interface Node {
  readonly build: Build;
  readonly depth: number;
  readonly branch: Branch | null;
}

/** Reads a tree level by level, one read for each. */
async function readTree(engine: Engine, root: Build) {
  const below = new Map<string, readonly Node[]>();
  let level: readonly Node[] = [{ build: root, depth: 0, branch: null }];
  let seen = 1;
  let truncated = false;
  while (level.length > 0) {
    const wanted = level.flatMap(({ build }) => build.branches ?? []).slice(0, mostBuilds - seen + 1);
    truncated ||= wanted.length > mostBuilds - seen;
    const ids = wanted.slice(0, mostBuilds - seen).map(({ buildId }) => buildId);
    const known = byId(ids.length === 0 ? [] : await engine.parts.store.loadBuilds(ids));
    const next: Node[] = [];
    for (const { build, depth } of level) {
      const nodes = (build.branches ?? []).flatMap((branch): Node[] => {
        const found = known.get(branch.buildId);
        return found === undefined || found.deletedAt !== null
          ? []
          : [{ build: found, depth: depth + 1, branch }];
      });
      nodes.sort((a, b) => compareText(a.branch?.branchKey ?? '', b.branch?.branchKey ?? ''));
      below.set(build.id, nodes);
      next.push(...nodes);
    }
    seen += next.length;
    level = next;
  }
  return { below, truncated };
}

/** Every build before its branches. */
function* inOrder(node: Node, below: ReadonlyMap<string, readonly Node[]>): Generator<Node> {
  yield node;
  for (const branch of below.get(node.build.id) ?? []) yield* inOrder(branch, below);
}

/**
 * The whole tree that a build is in, from the root: a bounded number of reads whatever its size.
 * @param outlook whether each build is looked at for what is to be expected of it, too
 */
export async function treeOf(
  engine: Engine,
  build: Build,
  outlook: boolean,
): Promise<OperationAnswer<'getTree'>> {
  const ancestors = await loadAncestors(engine.parts.store, build);
  const root = ancestors.at(-1)?.build ?? build;
  const { below, truncated } = await readTree(engine, root);
  const nodes = [...inOrder({ build: root, depth: 0, branch: null }, below)];
  const views = await buildViews(
    engine,
    nodes.map((node) => node.build),
  );
  return {
    buildId: build.id,
    rootBuildId: root.id,
    builds: (outlook ? await withOutlooks(engine, views) : views).map((view, index) => ({
      ...view,
      depth: nodes[index]?.depth ?? 0,
      letGoAt: nodes[index]?.branch?.letGoAt ?? null,
      undoneAt: nodes[index]?.branch?.undoneAt ?? null,
    })),
    truncated,
  };
}
