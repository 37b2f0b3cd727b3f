import type { KeyRing } from '../ports/crypto.ts';
import { fromBase64url, toBase64url } from '../text/bytes-as-text.ts';
import type { BuildEvent, EventType } from './event.ts';

/** Every so many events one is signed. */
const signEvery = 100;

/** Events after which nothing may come for long, so that what was before is signed with them. */
const endings: ReadonlySet<EventType> = new Set<EventType>([
  'build.completed',
  'build.failed',
  'build.cancelled',
  'build.deleted',
]);

/** Keeps signatures of events apart from anything else that the same key ring signs. */
const purpose = 'buildstate-event-v1';

/** Whether an event is a checkpoint: its hash, and with it the chain up to it, is signed when it is recorded. */
export function isCheckpoint({ type, seq }: Pick<BuildEvent, 'type' | 'seq'>): boolean {
  return endings.has(type) || seq % signEvery === 0;
}

/** What is signed: build, number and hash, one a line. None can hold a line break. */
function signedBytes({ buildId, seq, hash }: BuildEvent): Uint8Array {
  return new TextEncoder().encode([purpose, buildId, seq, hash].join('\n'));
}

/** The event, signed if it is a checkpoint and there is a key to sign with. */
export function signCheckpoint(event: BuildEvent, keys: KeyRing | undefined): BuildEvent {
  if (keys?.available !== true || !isCheckpoint(event)) return event;
  const { keyId, signature } = keys.sign(signedBytes(event));
  return { ...event, signature: `${keyId}:${toBase64url(signature)}` };
}

const form = /^(.+):([\w-]{43})$/;

/** What is wrong with an event's signature, as the end of a sentence; nothing when it is right. */
export function signatureProblem(
  event: BuildEvent & { readonly signature: string },
  keys: KeyRing,
): string | undefined {
  const [, keyId, signature] = form.exec(event.signature) ?? [];
  if (keyId === undefined || signature === undefined) return 'has a signature that is none';
  if (keys.isRetired(keyId)) return `is signed with the key ${keyId}, which is retired and proves nothing`;
  if (keys.verify(keyId, signedBytes(event), fromBase64url(signature))) return undefined;
  return `does not have the signature that the key ${keyId} would give it, or that key is not in this ring`;
}
