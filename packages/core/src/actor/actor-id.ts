import type { ActorRecord } from '../ports/actors.ts';
import type { Crypto } from '../ports/crypto.ts';
import { toHex } from '../text/bytes-as-text.ts';

const idBytes = 8;

const whole = /^actor-[0-9a-f]{16}$/;
/** Who acts without a name of their own: API keys by their id, and the tracker's own duties. */
const opaque = /^(?:[0-9a-f]{16}|system:.*)$/;

/** Finds ids of actors in a text. */
const inText = /\bactor-[0-9a-f]{16}\b/g;

/** A new id. It is random, so that once its name is erased nothing leads back to it. */
export function newActorId(crypto: Pick<Crypto, 'random'>): string {
  return `actor-${toHex(crypto.random(idBytes))}`;
}

/** Whether a text is the id of an actor. */
export function isActorId(text: string): boolean {
  return whole.test(text);
}

/** Whether a text may name a person, so that it must not stand in what is hashed. */
export function isActorName(text: string | null | undefined): text is string {
  return text != null && text !== '' && !whole.test(text) && !opaque.test(text);
}

/** The ids of actors that a text holds. */
export function actorIdsIn(text: string): readonly string[] {
  return text.includes('actor-') ? (text.match(inText) ?? []) : [];
}

/** A text with names in the place of ids. @param nameOf what stands for an id; nothing leaves it as it is */
export function withNames(text: string, nameOf: (id: string) => string | undefined): string {
  return text.replace(inText, (id) => nameOf(id) ?? id);
}

/** What people are shown: the name, or once it was erased, something that is the same each time. */
export function shownName({ id, name }: Pick<ActorRecord, 'id' | 'name'>): string {
  return name ?? id.replace('actor-', 'erased-');
}
