import { Writable } from 'node:stream';
import type { Notes } from '../../step/surroundings.ts';

const newline = 0x0a;

/** A stream that writes whole lines to another one, each with the name of who wrote it before it. */
export function prefixed(stream: Writable, name: string): Writable {
  const prefix = Buffer.from(`[${name}] `);
  let begun: Buffer = Buffer.alloc(0);
  const line = (text: Buffer) => Buffer.concat([prefix, text]);
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      begun = Buffer.concat([begun, chunk]);
      const end = begun.lastIndexOf(newline) + 1;
      if (end === 0) {
        done();
        return;
      }
      const lines: Buffer[] = [];
      for (let start = 0; start < end; ) {
        const next = begun.indexOf(newline, start) + 1;
        lines.push(line(begun.subarray(start, next)));
        start = next;
      }
      begun = begun.subarray(end);
      stream.write(Buffer.concat(lines), done);
    },
    final(done) {
      if (begun.length === 0) done();
      else stream.write(Buffer.concat([line(begun), Buffer.from('\n')]), done);
    },
  });
}

/** The same for sentences. */
export function prefixedNotes({ info, warn }: Notes, name: string): Notes {
  return { info: (text) => info(`[${name}] ${text}`), warn: (text) => warn(`[${name}] ${text}`) };
}
