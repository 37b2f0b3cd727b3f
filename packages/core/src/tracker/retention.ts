import type { Project } from '../project/project.ts';
import { defaultRetention, type RetentionPolicy, retentionOf } from '../retention/policy.ts';
import { given } from '../text/given.ts';
import type { Changing, Engine } from './engine.ts';
import { contentTag } from './entity-tags.ts';
import type { Handlers } from './handler.ts';
import { changeProject, loadProject } from './projects.ts';

type Names = 'getRetention' | 'putRetention' | 'deleteRetention';

function retentionIn({ name, retention }: Project): Changing {
  return { what: `The retention of project ${name}`, content: retention ?? undefined };
}

/** Operations on how long histories of a project's builds are kept. */
export function retentionHandlers(engine: Engine): Handlers<Names> {
  const { crypto, retention: ofStore = defaultRetention } = engine.parts;
  const view = (project: Project) => ({
    ...retentionOf(project, ofStore),
    inherited: project.retention === null,
  });
  // What only holds by default is not there to be changed, so it has no tag.
  const tagOf = ({ retention }: Project) => retention && { etag: contentTag(crypto, retention) };
  const set = (project: Project, fields: Partial<RetentionPolicy>): Project => ({
    ...project,
    retention: { ...retentionOf(project, ofStore), ...fields },
  });
  return {
    async getRetention({ params }, context) {
      const project = await loadProject(engine, params.projectId, context);
      return { body: view(project), ...tagOf(project) };
    },
    async putRetention({ params, body }, context) {
      const project = await changeProject(engine, params.projectId, context, (known) => {
        engine.expect(context, retentionIn(known));
        return set(known, given(body));
      });
      return { body: view(project), ...tagOf(project) };
    },
    async deleteRetention({ params }, context) {
      await changeProject(engine, params.projectId, context, (known) => {
        engine.expect(context, retentionIn(known));
        return known.retention === null ? known : { ...known, retention: null };
      });
      return { body: undefined };
    },
  };
}
