import type { FileHandle } from 'node:fs/promises';

/** Large enough to be fast, small enough that hashing one takes well under a millisecond. */
export const sliceBytes = 1024 * 1024;

/**
 * Fills a buffer from a position of a file, slice by slice; the next slice is read while `observe` looks at
 * the one before. Answers how many bytes there were: fewer than the buffer holds only at the end of the file.
 * @param position where to read, or `null` to read on from where the last read ended (pipes, devices)
 */
export async function readSlices(
  handle: FileHandle,
  buffer: Uint8Array,
  position: number | null,
  observe: (slice: Uint8Array) => void,
): Promise<number> {
  const read = async (from: number): Promise<number> => {
    const length = Math.min(sliceBytes, buffer.length - from);
    return (await handle.read(buffer, from, length, position === null ? null : position + from)).bytesRead;
  };
  let filled = 0;
  let pending: Promise<number> | undefined = buffer.length > 0 ? read(0) : undefined;
  while (pending !== undefined) {
    const count: number = await pending;
    const from = filled;
    filled += count;
    pending = count > 0 && filled < buffer.length ? read(filled) : undefined;
    if (count > 0) observe(buffer.subarray(from, filled));
  }
  return filled;
}
