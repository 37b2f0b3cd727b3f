import type { ObjectInfo } from '@buildstate/core';
import { IntegrityError, StorageChangedError } from '@buildstate/core/light';
import { discardBody } from '../body/discard-body.ts';
import { interruptibleBody } from '../body/interruptible-body.ts';
import { callWithDeadline } from '../deadline/call-with-deadline.ts';
import type { Piece, Pieces } from './pieces.ts';
import { deadline, nameOf, type ResolvedVerifyOptions } from './read-options.ts';

/** What the pieces of one object are fetched with. */
export interface Fetching {
  readonly options: ResolvedVerifyOptions;
  /** The version to which every request is pinned. */
  readonly info: ObjectInfo;
  readonly pieces: Pieces;
  /** Requests at once. */
  readonly lanes: number;
  /** Takes bytes. They may be overwritten as soon as it returns. */
  readonly sink: (chunk: Uint8Array, position: number) => void;
  /** Told after bytes were taken. */
  readonly onBytes: () => void;
  /** Told when all of a piece was taken. */
  readonly onPiece: (piece: Piece) => void;
}

function wrongLength({ options }: Fetching, piece: Piece, count: string): IntegrityError {
  const size = piece.end - piece.start;
  return new IntegrityError(
    `The integrity check failed: ${nameOf(options)} delivered ${count} ${size} bytes from byte ${piece.start} on. Try again.`,
    { context: { key: options.key, start: piece.start, size_bytes: size } },
  );
}

/**
 * @throws StorageChangedError when a store that ignores the condition answers with another version; IntegrityError when
 *   it says that the same version has another size
 */
function checkAnswer({ options, info }: Fetching, answered: ObjectInfo): void {
  if (answered.version !== info.version) {
    throw new StorageChangedError(`${nameOf(options)} was replaced while it was read.`, {
      context: { key: options.key, wanted: info.version, answered: answered.version },
    });
  }
  if (answered.size === info.size) return;
  throw new IntegrityError(
    `The integrity check failed: ${nameOf(options)} had ${info.size} bytes and now has ${answered.size}, under the same version. Do not use it.`,
    { context: { key: options.key, size_bytes: info.size, answered_bytes: answered.size } },
  );
}

async function fetchPiece(fetching: Fetching, piece: Piece, signal: AbortSignal): Promise<void> {
  const { options, info, pieces, sink, onBytes, onPiece } = fetching;
  const { backend, key, idleTimeoutMs: idleMs, clock } = options;
  const whole = piece.position === 0 && piece.end === info.size;
  const range = whole ? {} : { start: piece.position, end: piece.end };
  const read = await callWithDeadline({ ...deadline(options, 'read'), signal }, (callSignal) =>
    backend.read(key, { ...range, signal: callSignal, ifVersion: info.version, borrowed: true }),
  );
  try {
    checkAnswer(fetching, read.info);
  } catch (error) {
    await discardBody(read.body);
    throw error;
  }
  for await (const chunk of interruptibleBody(read.body, { signal, idleMs, clock })) {
    if (piece.position + chunk.length > piece.end) throw wrongLength(fetching, piece, 'more than');
    sink(chunk, piece.position);
    pieces.advance(piece, chunk.length);
    onBytes();
  }
  if (piece.position < piece.end) {
    throw wrongLength(fetching, piece, `${piece.position - piece.start} of`);
  }
  onPiece(piece);
}

/**
 * Fetches every piece that is missing, several at once. When one fails the others are given up, and all of them are
 * over when this settles.
 * @throws the first failure; the signal's reason
 */
export async function fetchPieces(fetching: Fetching): Promise<void> {
  const { options, pieces, lanes } = fetching;
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  let failure: { readonly error: unknown } | undefined;
  const lane = async (): Promise<void> => {
    try {
      for (let piece = pieces.claim(); piece !== undefined; piece = pieces.claim()) {
        signal.throwIfAborted();
        await fetchPiece(fetching, piece, signal);
      }
    } catch (error) {
      failure ??= { error };
      stop.abort(error);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, pieces.missingPieces) }, lane));
  if (failure !== undefined) throw failure.error;
}
