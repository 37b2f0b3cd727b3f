import { timestamp } from '../build/timestamp.ts';
import { AlreadyExistsError } from '../errors/already-exists-error.ts';
import { ForbiddenError } from '../errors/forbidden-error.ts';
import { NotFoundError } from '../errors/not-found-error.ts';
import { ValidationError } from '../errors/validation-error.ts';
import { VersionConflictError } from '../errors/version-conflict-error.ts';
import { type Reference, type ReferenceKind, referenceKinds } from '../project/reference.ts';
import { given } from '../text/given.ts';
import { isUuid } from '../text/uuid.ts';
import { fromWire, toWire } from '../wire/casing.ts';
import {
  type ReferenceOperationName,
  referenceOperations,
  referenceWords,
  withArticle,
} from '../wire/reference-routes.ts';
import { ownFieldNames } from '../wire/schemas/references.ts';
import type { Engine } from './engine.ts';
import { type Handlers, pageOf } from './handler.ts';
import type { CallContext } from './tracker.ts';

/** How often a change is decided again because the entry changed meanwhile. */
const mostTries = 20;

/** What can be said of an entry, with the fields that only its kind has among the others. */
type Fields = Readonly<Record<string, unknown>> & {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
};

/** Fields of one kind that name an entry of another. */
const pointers: Readonly<Record<string, ReferenceKind>> = {
  os_distribution_id: 'os_distributions',
  image_variant_id: 'image_variants',
};

/** The command that lists a kind: `os_versions` → `os-version`. */
function topicOf(kind: ReferenceKind): string {
  return kind.replaceAll('_', '-').replace(/s$/, '');
}

async function load(engine: Engine, kind: ReferenceKind, ref: string): Promise<Reference> {
  const found = await engine.parts.store.loadReference(
    kind,
    isUuid(ref) ? { id: ref.toLowerCase() } : { name: ref },
  );
  if (found !== undefined) return found;
  throw new NotFoundError(
    `There is no ${referenceWords(kind)} "${ref}". List them with \`bldst ${topicOf(kind)} list\`.`,
    { context: { kind, entry: ref } },
  );
}

/** An entry as it is shown: what only its kind has stands among the other fields, `null` where it is not known. */
function view(kind: ReferenceKind, { attributes, ...shared }: Reference) {
  const own = Object.fromEntries(ownFieldNames(kind).map((field) => [field, attributes[field] ?? null]));
  return { ...shared, ...fromWire<Record<string, unknown>>(own) };
}

/** An entry with what was sent of it; what was not stays. */
function edited(kind: ReferenceKind, entry: Reference, fields: Fields): Reference {
  const sent = toWire(given(fields)) as Readonly<Record<string, unknown>>;
  const own = ownFieldNames(kind).filter((field) => field in sent);
  const attributes = { ...entry.attributes, ...Object.fromEntries(own.map((field) => [field, sent[field]])) };
  const known = Object.entries(attributes).filter(([, value]) => value !== null);
  const {
    name = entry.name,
    displayName = entry.displayName,
    description = entry.description,
  } = given(fields) as Partial<Reference>;
  return {
    ...entry,
    name,
    displayName,
    description,
    attributes: Object.fromEntries(known) as Reference['attributes'],
  };
}

/** @throws ValidationError for a field that names an entry that is not there */
async function checkPointers(engine: Engine, kind: ReferenceKind, fields: Fields): Promise<void> {
  const sent = toWire(fields) as Readonly<Record<string, unknown>>;
  for (const path of ownFieldNames(kind)) {
    const [target, id] = [pointers[path], sent[path]];
    if (target === undefined || typeof id !== 'string') continue;
    if ((await engine.parts.store.loadReference(target, { id })) !== undefined) continue;
    const message = `is the id of no ${referenceWords(target)}: "${id}"`;
    throw new ValidationError(`${path} ${message}.`, { problems: [{ path, message }] });
  }
}

const capitalized = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

/** Entries are common to all projects, so that keys of a single one do not change them. @throws ForbiddenError */
function checkUnbound(kind: ReferenceKind, { actor }: CallContext): void {
  if (actor.projectId === null) return;
  throw new ForbiddenError(
    `${capitalized(referenceWords(kind))}s are common to all projects: use a key that is not bound to one.`,
    { context: { project_id: actor.projectId } },
  );
}

function taken(kind: ReferenceKind, name: string, id: string): AlreadyExistsError {
  return new AlreadyExistsError(
    `There is ${withArticle(referenceWords(kind))} with the name "${name}" or the id ${id} already. ` +
      `Change it with \`bldst ${topicOf(kind)} update\`.`,
    { context: { kind, name, id } },
  );
}

/** Adds an entry. One that has this id and all that was sent already is the answer to a repetition. */
async function create(
  engine: Engine,
  kind: ReferenceKind,
  fields: Fields,
  context: CallContext,
): Promise<Reference> {
  await checkPointers(engine, kind, fields);
  const { id = engine.idFor(kind, context), name = '' } = fields;
  const now = timestamp(engine.now());
  const blank: Reference = {
    id,
    name,
    displayName: null,
    description: null,
    attributes: {},
    createdAt: now,
    updatedAt: now,
    deactivatedAt: null,
  };
  const wanted = edited(kind, blank, fields);
  if (await engine.parts.store.saveReference(kind, wanted, null)) return wanted;
  const existing = await engine.parts.store.loadReference(kind, { id });
  // An id that a request's key makes is that of the same request alone.
  if (existing !== undefined && context.keyed !== undefined && fields.id === undefined) return existing;
  if (existing !== undefined && sameContent(existing, edited(kind, existing, fields))) return existing;
  throw taken(kind, name, id);
}

function sameContent(one: Reference, other: Reference): boolean {
  const content = (entry: Reference) => [
    entry.name,
    entry.displayName,
    entry.description,
    ...Object.entries(entry.attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
  ];
  return JSON.stringify(content(one)) === JSON.stringify(content(other));
}

/** Changes an entry that nobody else changed meanwhile; `updated_at` only grows, so that it tells versions apart. */
async function change(
  engine: Engine,
  kind: ReferenceKind,
  ref: string,
  decide: (known: Reference, now: string) => Reference,
): Promise<Reference> {
  const { store } = engine.parts;
  for (let tries = 0; tries < mostTries; tries++) {
    const known = await load(engine, kind, ref);
    const now = timestamp(Math.max(engine.now(), Date.parse(known.updatedAt) + 1));
    const decided = decide(known, now);
    if (decided === known) return known;
    const changed = { ...decided, updatedAt: now };
    if (await store.saveReference(kind, changed, known.updatedAt)) return changed;
    const owner = await store.loadReference(kind, { name: changed.name });
    if (owner !== undefined && owner.id !== known.id) throw taken(kind, changed.name, known.id);
  }
  throw new VersionConflictError(
    `The ${referenceWords(kind)} ${ref} is changed by many at once. Try again.`,
    { context: { kind, entry: ref } },
  );
}

interface Input {
  readonly params: { readonly id: string };
  readonly query: {
    readonly limit?: number;
    readonly cursor?: string;
    readonly skip?: number;
    readonly includeDeactivated?: boolean;
  };
  readonly body: Fields;
}

function handlersOf(engine: Engine, kind: ReferenceKind) {
  const names = referenceOperations(kind);
  const show = (entry: Reference) => view(kind, entry);
  const entryIn = (entry: Reference) => ({
    what: `The ${referenceWords(kind)} ${entry.name}`,
    content: show(entry),
  });
  return {
    [names.create]: async ({ body }: Input, context: CallContext) => ({
      body: show(await create(engine, kind, body, context)),
    }),
    [names.list]: async ({ query }: Input) => {
      const { includeDeactivated } = query;
      const page = { ...pageOf(query), includeDeactivated };
      const { items, next } = await engine.parts.store.listReferences(kind, page);
      return { body: items.map(show), next };
    },
    [names.get]: async ({ params }: Input) => ({ body: show(await load(engine, kind, params.id)) }),
    [names.update]: async ({ params, body }: Input, context: CallContext) => {
      checkUnbound(kind, context);
      await checkPointers(engine, kind, body);
      const changed = await change(engine, kind, params.id, (known) => {
        engine.expect(context, entryIn(known));
        return { ...edited(kind, known, body), deactivatedAt: null };
      });
      return { body: show(changed) };
    },
    [names.delete]: async ({ params }: Input, context: CallContext) => {
      checkUnbound(kind, context);
      await change(engine, kind, params.id, (known, now) => {
        engine.expect(context, entryIn(known));
        return known.deactivatedAt === null ? { ...known, deactivatedAt: now } : known;
      });
      return { body: undefined };
    },
  };
}

/** Operations on all kinds of reference data. Their inputs are checked by the schemas of their kind. */
export function referenceHandlers(engine: Engine): Handlers<ReferenceOperationName> {
  const all = referenceKinds.map((kind) => handlersOf(engine, kind));
  return Object.assign({}, ...all) as unknown as Handlers<ReferenceOperationName>;
}
