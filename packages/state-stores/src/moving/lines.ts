import { IntegrityError } from '@buildstate/core/light';

const lineFeed = 0x0a;

/** A line of a stream without its line feed, and whether it had one. */
export interface Line {
  readonly bytes: Buffer;
  readonly ended: boolean;
}

/**
 * The lines of a stream of bytes. Memory is needed for one line.
 * @throws IntegrityError when a line is longer than `longest` bytes
 */
export async function* linesOf(stream: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      parts.push(chunk.subarray(start, end));
      yield { bytes: Buffer.concat(parts), ended: true };
      parts = [];
      size = 0;
      start = end + 1;
    }
    if (start === chunk.length) continue;
    const rest = chunk.subarray(start);
    size += rest.length;
    if (size > longest) throw new IntegrityError(`A line is longer than ${longest} bytes.`);
    parts.push(rest);
  }
  if (size > 0) yield { bytes: Buffer.concat(parts), ended: false };
}
