import type { ApiToken } from '../access/api-token.ts';
import { isActorName, newActorId, shownName } from '../actor/actor-id.ts';
import { findMentions } from '../actor/mentions.ts';
import { type Timestamp, timestamp } from '../build/timestamp.ts';
import { ForbiddenError } from '../errors/forbidden-error.ts';
import { ValidationError } from '../errors/validation-error.ts';
import type { CheckedInput, OperationAnswer } from '../wire/contract.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import type { CallContext } from './tracker.ts';

/** In a path: who is meant stands in the body, so that the name is in no log of requests. */
const inBody = '-';

/** Who is to be forgotten. */
interface Person {
  /** As they are called, or the id of a key. */
  readonly name: string;
  /** The actors with this name. */
  readonly ids: readonly string[];
  /** Keys that are theirs and still good. */
  readonly keys: readonly ApiToken[];
}

function nameIn({ params, body }: CheckedInput<'eraseUser'>, { actor }: CallContext): string {
  const name = params.userId === inBody ? body.name : params.userId;
  if (name !== undefined) return name === 'me' ? actor.id : name;
  const message = 'is missing: say whose name is to be erased, as attempts and events show it';
  throw new ValidationError(`name ${message}.`, { problems: [{ path: 'name', message }] });
}

/** @throws ForbiddenError for keys that are good for one project: names are known to the store as a whole */
function checkWhole({ actor }: CallContext): void {
  if (actor.projectId === null) return;
  throw new ForbiddenError('Names are erased in all projects at once; this key is good for one of them.', {
    context: { project_id: actor.projectId },
  });
}

async function personOf({ parts: { store } }: Engine, name: string): Promise<Person> {
  const ids = (await store.findActors(name)).map(({ id }) => id);
  const makers = new Set([name, ...ids]);
  const isTheirs = ({ id, createdBy }: ApiToken) => id === name || makers.has(createdBy ?? '');
  const keys = (await store.listTokens()).filter((token) => token.revokedAt === null && isTheirs(token));
  return { name, ids, keys };
}

/** Revokes keys. A key that is itself forgotten loses its name, and none of them names its maker any more. */
async function revoke(engine: Engine, { name, ids, keys }: Person, now: Timestamp): Promise<void> {
  const { store, crypto } = engine.parts;
  const plain = isActorName(name) && keys.some(({ createdBy }) => createdBy === name);
  const standIn = ids[0] ?? (plain ? newActorId(crypto) : undefined);
  if (plain && ids.length === 0 && standIn !== undefined)
    await store.addActor({ id: standIn, name: null, erasedAt: now, erasedBy: null });
  for (const key of keys)
    await store.saveToken({
      ...key,
      name: key.id === name ? 'erased' : key.name,
      createdBy: plain && key.createdBy === name ? (standIn ?? null) : key.createdBy,
      revokedAt: now,
    });
}

async function forget(engine: Engine, person: Person, context: CallContext): Promise<void> {
  const { store } = engine.parts;
  const now = timestamp(engine.now());
  const by = await engine.opaqueActor(context);
  await revoke(engine, person, now);
  for (const id of person.ids) await store.eraseActor(id, { at: now, by });
  // Also when nobody has the name any more: whoever erased it may have died before this.
  await store.scrubActors();
  engine.actors.forget();
}

/** Forgetting people. */
export function erasureHandlers(engine: Engine): Handlers<'eraseUser'> {
  const { store } = engine.parts;
  return {
    async eraseUser(input, context) {
      checkWhole(context);
      const name = nameIn(input, context);
      const { dryRun = false, search = dryRun } = input.body;
      const person = await personOf(engine, name);
      if (!dryRun) await forget(engine, person, context);
      const mentions = search ? await findMentions(store, name, context.signal) : undefined;
      const body: OperationAnswer<'eraseUser'> = {
        dryRun,
        // What was erased is said by what it is called from now on, whatever other engines still remember.
        users: dryRun ? person.ids : person.ids.map((id) => shownName({ id, name: null })),
        keys: person.keys.map(({ id }) => id),
        mentions: mentions?.found ?? null,
        mentionCount: mentions?.count ?? null,
      };
      return { body };
    },
  };
}
