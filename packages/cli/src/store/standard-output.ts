import { Writable } from 'node:stream';
import { writeText } from '../output/write-text.ts';
import type { OutputStream } from '../session/session.ts';

/** Standard output as a stream of UTF-8 that a pipeline can end: what is behind it stays open. */
export function standardOutput(stdout: OutputStream): Writable {
  const decoder = new TextDecoder();
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      writeText(stdout, decoder.decode(chunk, { stream: true })).then(() => done(), done);
    },
  });
}
