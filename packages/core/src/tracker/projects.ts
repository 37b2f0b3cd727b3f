import { defaultCatalogue } from '../build/catalogue.ts';
import { timestamp } from '../build/timestamp.ts';
import { AlreadyExistsError } from '../errors/already-exists-error.ts';
import { NotFoundError } from '../errors/not-found-error.ts';
import { ValidationError } from '../errors/validation-error.ts';
import { VersionConflictError } from '../errors/version-conflict-error.ts';
import type { Project } from '../project/project.ts';
import { given } from '../text/given.ts';
import { isUuid } from '../text/uuid.ts';
import type { Engine } from './engine.ts';
import { type Handlers, pageOf } from './handler.ts';
import type { CallContext } from './tracker.ts';
import { projectView } from './views.ts';

/** What a new project is told. */
export type NewProject = Pick<Project, 'id' | 'name'> &
  Partial<Pick<Project, 'description' | 'parentProjectId' | 'artifactBase' | 'settings'>>;

function noProject(ref: string): NotFoundError {
  return new NotFoundError(`There is no project "${ref}". List projects with \`bldst project list\`.`, {
    context: { project: ref },
  });
}

/** The project with this id or name that the actor may see. @throws NotFoundError */
export async function loadProject(engine: Engine, ref: string, { actor }: CallContext): Promise<Project> {
  const project = await engine.parts.store.loadProject(
    isUuid(ref) ? { id: ref.toLowerCase() } : { name: ref },
  );
  const hidden = actor.projectId !== null && project?.id !== actor.projectId;
  if (project === undefined || hidden) throw noProject(ref);
  return project;
}

/** Makes a project with the default catalogue; `undefined` when id or name is taken. */
export async function makeProject(engine: Engine, fields: NewProject): Promise<Project | undefined> {
  const now = timestamp(engine.now());
  const project: Project = {
    description: null,
    parentProjectId: null,
    artifactBase: null,
    settings: {},
    ...fields,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    deactivatedAt: null,
    stateCodes: defaultCatalogue(() => engine.uuid(), now),
    retryPolicies: [],
    resumableStates: [],
    failurePatterns: [],
  };
  return (await engine.parts.store.saveProject(project, 0)) ? project : undefined;
}

const mostTries = 20;

/**
 * Changes a project; decided again when somebody else changed it meanwhile.
 * @throws NotFoundError, VersionConflictError, and whatever `change` throws
 */
export async function changeProject(
  engine: Engine,
  ref: string,
  context: CallContext,
  change: (project: Project, now: string) => Project,
): Promise<Project> {
  for (let tries = 0; tries < mostTries; tries++) {
    const known = await loadProject(engine, ref, context);
    const now = timestamp(engine.now());
    const changed = { ...change(known, now), revision: known.revision + 1, updatedAt: now };
    if (await engine.parts.store.saveProject(changed, known.revision)) return changed;
  }
  throw new VersionConflictError(`Project ${ref} is changed by many at once. Try again.`, {
    context: { project: ref },
  });
}

function nameFixed(known: Project, name: string | undefined): void {
  if (name === undefined || name === known.name) return;
  const message = `cannot be changed from "${known.name}": builds and artifacts are addressed by it`;
  throw new ValidationError(`name ${message}.`, { problems: [{ path: 'name', message }] });
}

type Names = 'createProject' | 'listProjects' | 'getProject' | 'updateProject' | 'deleteProject';

/** Operations on projects. */
export function projectHandlers(engine: Engine): Handlers<Names> {
  const { store, artifactBase = null } = engine.parts;
  const view = (project: Project) => projectView(project, artifactBase);
  return {
    async createProject({ body }) {
      const { id = engine.uuid(), name, ...fields } = body;
      const project = await makeProject(engine, { id, name, ...given(fields) });
      if (project !== undefined) return { body: view(project) };
      const existing = await store.loadProject({ id });
      if (existing?.name === name) return { body: view(existing) };
      throw new AlreadyExistsError(`There is a project with the name "${name}" or the id ${id} already.`, {
        context: { name, id },
      });
    },
    async listProjects({ query }, { actor }) {
      const { items, next } = await store.listProjects({
        ...pageOf(query),
        includeDeactivated: query.includeDeactivated,
      });
      const visible = items.filter(({ id }) => actor.projectId === null || actor.projectId === id);
      return { body: visible.map(view), next };
    },
    async getProject({ params }, context) {
      return { body: view(await loadProject(engine, params.projectId, context)) };
    },
    async updateProject({ params, body }, context) {
      const { name, ...fields } = body;
      const project = await changeProject(engine, params.projectId, context, (known) => {
        nameFixed(known, name);
        return { ...known, ...given(fields), deactivatedAt: null };
      });
      return { body: view(project) };
    },
    async deleteProject({ params }, context) {
      await changeProject(engine, params.projectId, context, (known, now) => ({
        ...known,
        deactivatedAt: known.deactivatedAt ?? now,
      }));
      return { body: undefined };
    },
  };
}
