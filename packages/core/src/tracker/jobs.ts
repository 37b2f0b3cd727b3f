import { decideLinkJob, decideUpdateJob, jobTexts } from '../job/decide-job.ts';
import { redactFields } from '../text/redact.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import { redactorOf, withSecrets } from './redaction.ts';

const needs = withSecrets({ jobs: true });

/** Operations on CI jobs. */
export function jobHandlers(engine: Engine): Handlers<'linkJob' | 'listJobs' | 'updateJob'> {
  return {
    async linkJob({ params, body }, context) {
      const { value } = await engine.change(params.buildId, context, { needs }, (draft, loaded) =>
        decideLinkJob(draft, redactFields(body, jobTexts, redactorOf(engine, loaded))),
      );
      return { body: value };
    },
    async listJobs({ params }, context) {
      const { snapshot } = await engine.load(params.buildId, context);
      return { body: await engine.parts.store.listJobs(snapshot.build.id) };
    },
    async updateJob({ params, body }, context) {
      const { value } = await engine.change(params.buildId, context, { needs }, (draft, loaded) => {
        const edit = redactFields(body, ['jobUrl', 'status'], redactorOf(engine, loaded));
        return decideUpdateJob(draft, params.jobId, edit);
      });
      return { body: value };
    },
  };
}
