import type { JsonObject } from '../build/build.ts';
import { timestamp } from '../build/timestamp.ts';
import { KeyRingError } from '../errors/key-ring-error.ts';
import type { SealedBox } from '../ports/crypto.ts';
import type { KeyedRequest } from '../ports/keyed-requests.ts';
import type { TrackerParts } from './tracker.ts';

type Parts = Pick<TrackerParts, 'store' | 'clock' | 'crypto' | 'ids'>;

const sealContext = 'key ring of the store';
/** The latest time there is: the mark is never swept. */
const never = '9999-12-31T23:59:59.999Z';

/**
 * Marks in the store for its key ring. They are kept among the requests, where a store puts what is absent in one step;
 * no request of a caller has such an id or fingerprint.
 */
class RingMarks {
  readonly #parts: Parts;
  readonly #fingerprint: string;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#fingerprint = parts.crypto.sha256Hex('mark of a key ring');
  }

  /** The mark that is kept: this ring's, unless there was one. @param keyId of which key; the store's first one if none */
  keep(box: SealedBox, keyId?: string): Promise<KeyedRequest> {
    return this.#claim(this.#fingerprint, box, never, keyId);
  }

  /** Whether this ring served the store with a key before, without leaving a mark. */
  async has(box: SealedBox): Promise<boolean> {
    const { crypto, clock } = this.#parts;
    const looking = crypto.sha256Hex('look for the mark of a key ring');
    const kept = await this.#claim(looking, box, timestamp(clock.now()), box.keyId);
    return kept.fingerprint === this.#fingerprint && this.opens(kept);
  }

  /** Whether the ring opens what a mark holds. */
  opens({ seed }: KeyedRequest): boolean {
    try {
      this.#parts.crypto.keys.open(boxIn(seed), sealContext);
      return true;
    } catch (error) {
      if (error instanceof KeyRingError) return false;
      throw error;
    }
  }

  #claim(
    fingerprint: string,
    box: SealedBox,
    expiresAt: string,
    keyId: string | undefined,
  ): Promise<KeyedRequest> {
    const { store, clock, crypto, ids } = this.#parts;
    const id = crypto.sha256Hex(`mark of the key ${keyId ?? 'that came first'}`);
    const claim = { id, fingerprint, performer: ids.uuid(), heldUntil: null, expiresAt };
    return store.claimRequest({ ...claim, seed: { sealed: { ...box } } }, timestamp(clock.now()));
  }
}

function boxIn(seed: JsonObject | null): SealedBox {
  return seed?.sealed as unknown as SealedBox;
}

/**
 * Makes sure that a store is opened with its own key ring: the first one that it was used with, or one that came of it
 * by rotation. With another one, sensitive variables could not be opened and signatures would not be believed, and what
 * is sealed from now on could not be opened by the others.
 * @throws KeyRingError when the ring is a foreign one
 */
export async function checkKeyRing(parts: Parts): Promise<void> {
  const { crypto, store } = parts;
  const box = crypto.keys.seal('the key ring fits', sealContext);
  const marks = new RingMarks(parts);
  const first = await marks.keep(box);
  const { keyId } = boxIn(first.seed);
  if (!marks.opens(first) && !crypto.keys.isRetired(keyId) && !(await marks.has(box))) {
    throw new KeyRingError(
      `The key ring is not that of the store ${store.uri}: it cannot open what was sealed with the key ${keyId}. ` +
        'Give every instance the same ring, in BLDST_KEYRING_FILE or BLDST_KEYRING, ' +
        'or restore keyring.json from its copy.',
      { context: { key_id: keyId } },
    );
  }
  // By the newest key, the ring is known also when the first one is no longer part of it.
  await marks.keep(box, box.keyId);
}
