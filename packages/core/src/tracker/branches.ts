import { decideLetGo } from '../branch/decide-fork.ts';
import { treeOf } from './build-tree.ts';
import type { Engine } from './engine.ts';
import { forkBuild } from './fork-build.ts';
import type { Handlers } from './handler.ts';

/** Operations on branches. */
export function branchHandlers(engine: Engine): Handlers<'forkBuild' | 'letBranchGo' | 'getTree'> {
  return {
    async forkBuild({ params, body }, context) {
      return { body: await forkBuild(engine, params.buildId, body, context) };
    },
    async letBranchGo({ params }, context) {
      await engine.change(params.buildId, context, {}, (draft) => decideLetGo(draft, params.branchKey));
      return { body: undefined };
    },
    async getTree({ params, query }, context) {
      const { snapshot } = await engine.load(params.buildId, context);
      return { body: await treeOf(engine, snapshot.build, query.outlook === true) };
    },
  };
}
