import { decideLinkJob, decideUpdateJob, jobTexts } from '../job/decide-job.ts';
import type { LoadedBuild } from '../ports/state-store.ts';
import { redactFields } from '../text/redact.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import { oldestFirst, pageOfLoaded } from './loaded-lists.ts';
import { redactorOf, withSecrets } from './redaction.ts';

const needs = withSecrets({ jobs: true });

/** Operations on CI jobs. */
export function jobHandlers(engine: Engine): Handlers<'linkJob' | 'listJobs' | 'updateJob'> {
  return {
    async linkJob({ params, body }, context) {
      const options = { operation: 'linkJob', needs } as const;
      return engine.once(params.buildId, context, options, (draft, loaded) => {
        const job = decideLinkJob(draft, redactFields(body, jobTexts, redactorOf(engine, loaded)));
        return () => job;
      });
    },
    async listJobs({ params, query }, context) {
      const { snapshot } = await engine.load(params.buildId, context);
      const jobs = await engine.parts.store.listJobs(snapshot.build.id);
      const { items, next } = pageOfLoaded(jobs, query, oldestFirst);
      return { body: items, next };
    },
    async updateJob({ params, body }, context) {
      const changes = ({ jobs }: LoadedBuild) => ({
        what: `The job ${params.jobId}`,
        content: jobs.find(({ id }) => id === params.jobId),
      });
      const options = { operation: 'updateJob', needs, changes } as const;
      return engine.once(params.buildId, context, options, (draft, loaded) => {
        const edit = redactFields(body, ['jobUrl', 'status'], redactorOf(engine, loaded));
        const job = decideUpdateJob(draft, params.jobId, edit);
        return () => job;
      });
    },
  };
}
