import { defaultCatalogue } from '../build/catalogue.ts';
import { timestamp } from '../build/timestamp.ts';
import { AlreadyExistsError } from '../errors/already-exists-error.ts';
import { ForbiddenError } from '../errors/forbidden-error.ts';
import { NotFoundError } from '../errors/not-found-error.ts';
import { ValidationError } from '../errors/validation-error.ts';
import { VersionConflictError } from '../errors/version-conflict-error.ts';
import type { Project } from '../project/project.ts';
import { given } from '../text/given.ts';
import { isUuid } from '../text/uuid.ts';
import type { CheckedInput } from '../wire/contract.ts';
import type { Changing, Engine } from './engine.ts';
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
    retention: null,
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
 * Changes a project; decided again when somebody else changed it meanwhile. Nothing is written when `change` answers
 * the project that it was given.
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
    const wanted = change(known, now);
    if (wanted === known) return known;
    const changed = { ...wanted, revision: known.revision + 1, updatedAt: now };
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

function projectIn({ name, revision }: Project): Changing {
  return { what: `Project ${name}`, tag: String(revision), facts: { project: name } };
}

/** Keys that are bound to one project make no others. @throws ForbiddenError */
function checkUnbound({ actor }: CallContext): void {
  if (actor.projectId === null) return;
  throw new ForbiddenError(
    'A key that is good for one project cannot make others. Use one that is not bound to a project.',
    { context: { project_id: actor.projectId } },
  );
}

/** The list of projects for a caller that is bound to one. */
async function ownProject(
  engine: Engine,
  id: string,
  { skip = 0, includeDeactivated = false }: CheckedInput<'listProjects'>['query'],
): Promise<Project[]> {
  const own = await engine.parts.store.loadProject({ id });
  const isListed = own !== undefined && (includeDeactivated || own.deactivatedAt === null);
  return isListed && skip === 0 ? [own] : [];
}

/** @throws ValidationError when a project would have a parent that is not there, or be its own ancestor */
async function checkParent(
  engine: Engine,
  id: string,
  parentId: string | null | undefined,
  { actor }: CallContext,
): Promise<void> {
  const refuse = (message: string): never => {
    throw new ValidationError(`parent_project_id ${message}.`, {
      problems: [{ path: 'parent_project_id', message }],
    });
  };
  if (parentId != null && actor.projectId !== null) refuse(`is no project's id: "${parentId}"`);
  // Two changes at the same time can close a circle that neither of them sees.
  const above = new Set<string>();
  for (let next = parentId ?? null; next !== null; ) {
    if (next === id) refuse('would make the project its own ancestor');
    if (above.has(next))
      refuse(`has an ancestor, ${next}, that is its own; give that one another parent first`);
    above.add(next);
    const parent: Project | undefined = await engine.parts.store.loadProject({ id: next });
    next = parent === undefined ? refuse(`is no project's id: "${next}"`) : parent.parentProjectId;
  }
}

type Names = 'createProject' | 'listProjects' | 'getProject' | 'updateProject' | 'deleteProject';

/** Operations on projects. */
export function projectHandlers(engine: Engine): Handlers<Names> {
  const { store, artifactBase = null } = engine.parts;
  const view = (project: Project) => projectView(project, artifactBase);
  const shown = (project: Project) => ({ body: view(project), etag: String(project.revision) });
  return {
    async createProject({ body }, context) {
      checkUnbound(context);
      const { id = engine.idFor('project', context), name, ...fields } = body;
      await checkParent(engine, id, body.parentProjectId, context);
      const project = await makeProject(engine, { id, name, ...given(fields) });
      if (project !== undefined) return shown(project);
      const existing = await store.loadProject({ id });
      if (existing?.name === name) return shown(existing);
      throw new AlreadyExistsError(`There is a project with the name "${name}" or the id ${id} already.`, {
        context: { name, id },
      });
    },
    async listProjects({ query }, context) {
      const { projectId } = context.actor;
      if (projectId !== null) return { body: (await ownProject(engine, projectId, query)).map(view) };
      const { includeDeactivated } = query;
      const { items, next } = await store.listProjects({ ...pageOf(query), includeDeactivated });
      return { body: items.map(view), next };
    },
    async getProject({ params }, context) {
      return shown(await loadProject(engine, params.projectId, context));
    },
    async updateProject({ params, body }, context) {
      const { name, ...fields } = body;
      const { id } = await loadProject(engine, params.projectId, context);
      await checkParent(engine, id, body.parentProjectId, context);
      const project = await changeProject(engine, params.projectId, context, (known) => {
        engine.expect(context, projectIn(known));
        nameFixed(known, name);
        return { ...known, ...given(fields), deactivatedAt: null };
      });
      return shown(project);
    },
    async deleteProject({ params }, context) {
      await changeProject(engine, params.projectId, context, (known, now) => {
        engine.expect(context, projectIn(known));
        return known.deactivatedAt === null ? { ...known, deactivatedAt: now } : known;
      });
      return { body: undefined };
    },
  };
}
