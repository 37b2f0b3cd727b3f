import { decideLinkJob, decideUpdateJob } from '../job/decide-job.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';

const withJobs = () => ({ jobs: true }) as const;

/** Operations on CI jobs. */
export function jobHandlers(engine: Engine): Handlers<'linkJob' | 'listJobs' | 'updateJob'> {
  return {
    async linkJob({ params, body }, context) {
      const { value } = await engine.change(params.buildId, context, { needs: withJobs }, (draft) =>
        decideLinkJob(draft, body),
      );
      return { body: value };
    },
    async listJobs({ params }, context) {
      const { snapshot } = await engine.load(params.buildId, context);
      return { body: await engine.parts.store.listJobs(snapshot.build.id) };
    },
    async updateJob({ params, body }, context) {
      const { value } = await engine.change(params.buildId, context, { needs: withJobs }, (draft) =>
        decideUpdateJob(draft, params.jobId, body),
      );
      return { body: value };
    },
  };
}
