import { timestamp } from '../build/timestamp.ts';
import { NotFoundError } from '../errors/not-found-error.ts';
import { ValidationError } from '../errors/validation-error.ts';
import type { Project } from '../project/project.ts';
import type { Reference, ReferenceKind } from '../project/reference.ts';
import { isUuid } from '../text/uuid.ts';
import type { Engine } from './engine.ts';
import { loadProject, makeProject } from './projects.ts';
import type { CallContext } from './tracker.ts';

/** An entry of reference data named by id or by name. */
export interface NamedReference {
  /** Its id. */
  readonly id?: string | undefined;
  /** Its name. */
  readonly name?: string | undefined;
}

/** What a build keeps of an entry. */
export interface ResolvedReference {
  /** Its id. */
  readonly id: string | null;
  /** Its name. */
  readonly name: string | null;
}

/** How often a name that somebody else is making at the same time is looked up again. */
const mostTries = 10;

function unknown(kind: ReferenceKind | 'project', ref: string, field: string): NotFoundError {
  return new NotFoundError(
    `There is no ${kind.replaceAll('_', ' ').replace(/s$/, '')} "${ref}" (field "${field}"). ` +
      'Create it first; this tracker does not make unknown ones on first use.',
    { context: { kind, [field]: ref } },
  );
}

/** Looks a reference up, making it on first use where that is allowed. @throws NotFoundError */
export async function resolveReference(
  engine: Engine,
  kind: ReferenceKind,
  { id, name }: NamedReference,
  field: string,
): Promise<ResolvedReference> {
  const { store, createReferences = true } = engine.parts;
  if (id !== undefined) {
    const known = await store.loadReference(kind, { id });
    if (known === undefined) throw unknown(kind, id, `${field}_id`);
    checkAgrees(known, name, field);
    return inUse(kind, known, `${field}_id`);
  }
  if (name === undefined) return { id: null, name: null };
  if (isUuid(name)) return resolveReference(engine, kind, { id: name.toLowerCase() }, field);
  for (let tries = 0; tries < mostTries; tries++) {
    const known = await store.loadReference(kind, { name });
    if (known !== undefined) return inUse(kind, known, field);
    if (!createReferences) throw unknown(kind, name, field);
    const made = newReference(engine, name);
    if (await store.saveReference(kind, made, null)) return { id: made.id, name };
  }
  throw engine.brokenPromise(`refuses the name "${name}" and does not find it`);
}

/** What a build keeps of an entry that takes new builds. @throws ValidationError when it was deactivated */
function inUse(kind: ReferenceKind, { id, name, deactivatedAt }: Reference, path: string): ResolvedReference {
  if (deactivatedAt === null) return { id, name };
  const topic = kind.replaceAll('_', '-').replace(/s$/, '');
  const remedy = `\`bldst ${topic} update "${name}"\` makes it active again`;
  const message = `"${name}" was deactivated at ${deactivatedAt}; ${remedy}`;
  throw new ValidationError(`${path} ${message}.`, { problems: [{ path, message }] });
}

/** @throws ValidationError when an entry that was named by its id is called otherwise than said */
function checkAgrees(known: { readonly name: string }, name: string | undefined, field: string): void {
  if (name === undefined || name === known.name) return;
  const message = `is "${name}", but ${field}_id is that of "${known.name}"; give one of them`;
  throw new ValidationError(`${field} ${message}.`, { problems: [{ path: field, message }] });
}

/** @throws ValidationError when a project takes no new builds */
function checkActive({ name, deactivatedAt }: Project): void {
  if (deactivatedAt === null) return;
  const remedy = `\`bldst project update ${name} --description TEXT\` makes it active again`;
  const message = `"${name}" was deactivated at ${deactivatedAt}; ${remedy}`;
  throw new ValidationError(`project ${message}.`, { problems: [{ path: 'project', message }] });
}

function newReference(engine: Engine, name: string): Reference {
  const now = timestamp(engine.now());
  return {
    id: engine.uuid(),
    name,
    displayName: null,
    description: null,
    attributes: {},
    createdAt: now,
    updatedAt: now,
    deactivatedAt: null,
  };
}

/**
 * Looks the project of a new build up, making it on first use where that is allowed.
 * @throws NotFoundError, ValidationError
 */
export async function resolveProject(
  engine: Engine,
  ref: NamedReference,
  context: CallContext,
): Promise<Project> {
  const project = await findProject(engine, ref, context);
  checkAgrees(project, ref.id === undefined ? undefined : ref.name, 'project');
  checkActive(project);
  return project;
}

async function findProject(engine: Engine, ref: NamedReference, context: CallContext): Promise<Project> {
  const { store, createReferences = true } = engine.parts;
  const { actor } = context;
  const wanted = ref.id ?? ref.name ?? actor.projectId;
  if (wanted === null) {
    const message = 'is required: name the project of the build';
    throw new ValidationError(`project ${message}.`, { problems: [{ path: 'project', message }] });
  }
  if (ref.id !== undefined || actor.projectId !== null) return loadProject(engine, wanted, context);
  for (let tries = 0; tries < mostTries; tries++) {
    const known = await store.loadProject({ name: wanted });
    if (known !== undefined) return known;
    if (!createReferences) throw unknown('project', wanted, 'project');
    const made = await makeProject(engine, { id: engine.uuid(), name: checkedName(wanted) });
    if (made !== undefined) return made;
  }
  throw engine.brokenPromise(`refuses the project "${wanted}" and does not find it`);
}

/** A project's name as `POST /projects` would accept it. */
function checkedName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return name;
  const message =
    'must begin with a letter or digit and have letters, digits, dots, hyphens and underscores only';
  throw new ValidationError(`project ${message}.`, { problems: [{ path: 'project', message }] });
}
