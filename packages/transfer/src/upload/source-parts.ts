import { IntegrityError, LimitError } from '@buildstate/core/light';
import type { ByteObserver } from '../format/byte-observer.ts';
import type { ByteSource } from '../source/byte-source.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { PartPlan } from './part-plan.ts';

/** A part that is ready to be sent. */
export interface SourcePart {
  /** From 1, without gaps. */
  readonly number: number;
  /** Where it begins in the source, in bytes. */
  readonly offset: number;
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /** Whether the source ends with it. */
  readonly last: boolean;
  /** SHA-256 of the source from its start to the end of this part. */
  readonly prefix: string;
  /** Gives its buffer back; called once, when nobody reads `bytes` any more. */
  readonly release: () => void;
}

/** What parts are cut from. */
export interface PartsInput {
  readonly source: ByteSource;
  readonly plan: PartPlan;
  readonly pool: BufferPool;
  readonly observer: ByteObserver;
  /** Largest source accepted, in bytes. */
  readonly limit?: number;
}

/** @throws LimitError when a size exceeds the limit */
export function checkLimit(name: string, sizeBytes: number, limit: number | undefined): void {
  if (limit === undefined || sizeBytes <= limit) return;
  throw new LimitError(
    `${name} exceeds limit: at most ${limit} bytes are accepted, it has ${sizeBytes} or more.`,
    {
      context: { limit_bytes: limit, size_bytes: sizeBytes },
    },
  );
}

/** @throws IntegrityError unless the source had exactly as many bytes as it promised */
function checkLength(source: ByteSource, sizeBytes: number, ended: boolean): void {
  const promised = source.sizeBytes;
  if (promised === undefined || (ended ? sizeBytes === promised : sizeBytes < promised)) return;
  const actual = ended ? `had ${sizeBytes} bytes` : 'has more bytes';
  throw new IntegrityError(
    `${source.name} ${actual} instead of ${promised}: it changed or did not end where it should.`,
    { context: { expected_bytes: promised, actual_bytes: sizeBytes } },
  );
}

/** Checks what was read so far: the limit, and at the end the length and that the source did not change. */
export async function checkRead(
  { source, observer, limit }: Pick<PartsInput, 'source' | 'observer' | 'limit'>,
  last: boolean,
): Promise<void> {
  checkLimit(source.name, observer.sizeBytes, limit);
  checkLength(source, observer.sizeBytes, last);
  if (last) await source.check();
}

/** Where the parts of an upload come from, one after the other. */
export interface PartSupply {
  /** The next part, once there is memory for it. @throws IntegrityError, LimitError */
  next(): Promise<SourcePart>;
}

/**
 * Cuts a source into parts, each read once. There is always a first, possibly empty, part; after the one that
 * is `last` there are no more. When that one comes, the source has been checked: its length, and that it did
 * not change.
 */
export class PartReader implements PartSupply {
  readonly #input: PartsInput;
  #number = 0;

  constructor(input: PartsInput) {
    this.#input = input;
  }

  /** The next part, once there is memory for it. @throws IntegrityError, LimitError */
  async next(): Promise<SourcePart> {
    const { source, plan, pool, observer } = this.#input;
    this.#number += 1;
    const offset = observer.sizeBytes;
    const left = source.sizeBytes === undefined ? Number.POSITIVE_INFINITY : source.sizeBytes - offset;
    const buffer = await pool.take(Math.min(plan.partBytes(this.#number), left));
    const release = () => pool.give(buffer);
    try {
      const { count, last } = await this.#fill(buffer);
      return {
        number: this.#number,
        offset,
        bytes: buffer.subarray(0, count),
        last,
        prefix: observer.prefix(),
        release,
      };
    } catch (error) {
      release();
      throw error;
    }
  }

  async #fill(buffer: Uint8Array): Promise<{ readonly count: number; readonly last: boolean }> {
    const { source, observer } = this.#input;
    const count = await source.fill(buffer, (bytes) => observer.observe(bytes));
    const last = count < buffer.length || (await source.atEnd());
    await checkRead(this.#input, last);
    return { count, last };
  }
}
