import type { ChainHead } from '../build/snapshot.ts';
import type { Timestamp } from '../build/timestamp.ts';
import type { Crypto, KeyRing } from '../ports/crypto.ts';
import { checkpointIn, isSignedCheckpoint } from '../retention/checkpoint.ts';
import { type ChainBreak, emptyChain, eventHash } from './chain.ts';
import type { BuildEvent } from './event.ts';
import { isCheckpoint, signatureProblem } from './signature.ts';

/** How a chain is checked. */
export interface ChainCheckOptions {
  /** The keys that signed checkpoints. @default signatures are not looked at */
  readonly keys?: KeyRing | undefined;
  /** Checkpoints from before this may be unsigned: they were recorded before there were signatures. @default none */
  readonly unsignedBefore?: Timestamp | undefined;
  /** Whether it has to begin with the first event, whatever checkpoints say. @default false */
  readonly whole?: boolean | undefined;
  /** An event that the chain is known to have had. @default none: a chain that lost its end, and what told of it, looks whole */
  readonly known?: ChainHead | undefined;
}

/**
 * Checks a chain event by event, oldest first, so that a chain of any length takes no memory. It finds the first event
 * that was changed, moved, added or taken out; with the keys also a chain that was computed anew as a whole.
 */
export class ChainCheck {
  readonly #crypto: Pick<Crypto, 'sha256Hex'>;
  readonly #options: ChainCheckOptions;
  #buildId: string | undefined;
  #last: ChainHead = emptyChain;
  #signed = 0;
  #count = 0;
  /** The last of the events that are missing at the beginning, until a checkpoint is found for them. */
  #letGo: ChainHead | undefined;

  constructor(crypto: Pick<Crypto, 'sha256Hex'>, options: ChainCheckOptions = {}) {
    this.#crypto = crypto;
    this.#options = options;
  }

  /** The last event that was right. */
  get last(): ChainHead {
    return this.#last;
  }

  /** How many events were right. */
  get count(): number {
    return this.#count;
  }

  /** `seq` of the last event with a good signature; 0 when there is none. What comes after it only its hashes hold. */
  get signedSeq(): number {
    return this.#signed;
  }

  /** What is wrong with the next event. */
  next(event: BuildEvent): ChainBreak | undefined {
    const { seq } = event;
    if (this.#buildId === undefined) this.#begin(event);
    if (seq !== this.#last.seq + 1) return { seq, problem: `follows ${this.#last.seq}` };
    if (event.prevHash !== this.#last.hash) return { seq, problem: 'does not name the event before it' };
    if (event.buildId !== this.#buildId) return { seq, problem: 'belongs to another build' };
    if (eventHash(event, this.#crypto) !== event.hash) return { seq, problem: 'was changed' };
    const problem =
      this.#knownProblem(event) ?? this.#signatureProblem(event) ?? this.#checkpointProblem(event);
    if (problem !== undefined) return { seq, problem };
    this.#last = { seq, hash: event.hash };
    this.#count += 1;
    return undefined;
  }

  /** What is missing at the end. @param head the end that the chain must have */
  end(head: ChainHead): ChainBreak | undefined {
    if (this.#letGo !== undefined)
      return { seq: this.#letGo.seq + 1, problem: 'follows 0, and no checkpoint says what came before' };
    const { known } = this.#options;
    if (known !== undefined && known.seq > head.seq)
      return { seq: head.seq + 1, problem: `is missing; the chain is known to have had ${known.seq}` };
    if (head.seq === this.#last.seq && head.hash === this.#last.hash) return undefined;
    return { seq: this.#last.seq + 1, problem: `is missing; the chain ends with ${head.seq}` };
  }

  /** A history may begin later than with 1, when a checkpoint in it says what came before. */
  #begin({ buildId, seq, prevHash }: BuildEvent): void {
    this.#buildId = buildId;
    if (seq === 1 || this.#options.whole === true) return;
    this.#last = { seq: seq - 1, hash: prevHash };
    this.#letGo = this.#last;
  }

  #knownProblem({ seq, hash }: BuildEvent): string | undefined {
    const { known } = this.#options;
    return known?.seq === seq && known.hash !== hash
      ? 'is not the one that is known to have been there'
      : undefined;
  }

  #checkpointProblem(event: BuildEvent): string | undefined {
    const checkpoint = checkpointIn(event);
    if (checkpoint === undefined) return undefined;
    const { keys } = this.#options;
    if (keys?.available === true && !isSignedCheckpoint(event.buildId, checkpoint, keys))
      return 'has a checkpoint that the key ring did not sign';
    if (checkpoint.seq >= (this.#letGo?.seq ?? 0)) this.#letGo = undefined;
    return undefined;
  }

  #signatureProblem(event: BuildEvent): string | undefined {
    const { keys, unsignedBefore = '' } = this.#options;
    const { signature } = event;
    if (keys?.available !== true) return undefined;
    if (signature == null) {
      if (!isCheckpoint(event) || event.at < unsignedBefore) return undefined;
      return 'has no signature, and checkpoints are signed when they are recorded';
    }
    const problem = signatureProblem({ ...event, signature }, keys);
    if (problem === undefined) this.#signed = event.seq;
    return problem;
  }
}
