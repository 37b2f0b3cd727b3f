import { Writable } from 'node:stream';
import type { OutputStream } from '../session/session.ts';

/**
 * A stream of this process as one that commands' output can be copied to, byte by byte. Its end leaves the stream
 * of the process open.
 */
export function childOutput(stream: OutputStream): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      // What commands print need not be text; streams of processes take bytes as well.
      stream.write(chunk as unknown as string, done);
    },
  });
}
