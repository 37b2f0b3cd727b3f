import { NotFoundError } from '../errors/not-found-error.ts';
import { ValidationError } from '../errors/validation-error.ts';
import type { StateStore } from '../ports/state-store.ts';
import { isUuid } from '../text/uuid.ts';

const idPrefix = /^[0-9a-f][0-9a-f-]{3,35}$/i;

/** The error for a build that is not there, or that the caller may not see. */
export function noBuild(ref: string): NotFoundError {
  return new NotFoundError(`There is no build "${ref}". List builds with \`bldst build list\`.`, {
    context: { build: ref },
  });
}

/**
 * The id that a reference stands for: an id, a unique prefix of at least four characters, or
 * `project:build_number`.
 * @param projectId the only project whose builds the caller may see, or `null` for all: prefixes are not ambiguous
 * because of others' builds
 * @param maySee whether the caller may see a build
 * @throws NotFoundError, ValidationError when it is no reference or an ambiguous prefix
 */
export async function locateBuild(
  store: StateStore,
  ref: string,
  projectId: string | null,
  maySee: (id: string) => Promise<boolean>,
): Promise<string> {
  if (isUuid(ref)) return ref.toLowerCase();
  const colon = ref.indexOf(':');
  if (colon > 0) return byNumber(store, ref, ref.slice(0, colon), ref.slice(colon + 1));
  if (!idPrefix.test(ref)) {
    const message =
      'must be an id, a unique prefix of one (four characters or more), or project:build_number';
    throw new ValidationError(`build_id "${ref}" ${message}.`, { problems: [{ path: 'build_id', message }] });
  }
  const ids = await store.findBuilds({
    idPrefix: ref.toLowerCase(),
    projectId: projectId ?? undefined,
  });
  if (ids.length > 1) {
    const visible = await Promise.all(ids.map(maySee));
    if (!visible.includes(true)) throw noBuild(ref);
    const message = 'is the beginning of several ids; give more of it';
    throw new ValidationError(`build_id "${ref}" ${message}.`, { problems: [{ path: 'build_id', message }] });
  }
  const [id] = ids;
  if (id === undefined) throw noBuild(ref);
  return id;
}

async function byNumber(store: StateStore, ref: string, name: string, buildNumber: string): Promise<string> {
  const project = await store.loadProject(isUuid(name) ? { id: name.toLowerCase() } : { name });
  if (project === undefined) throw noBuild(ref);
  const [id] = await store.findBuilds({ projectId: project.id, buildNumber });
  if (id === undefined) throw noBuild(ref);
  return id;
}
