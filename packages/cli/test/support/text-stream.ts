import type { InputStream, OutputStream } from '../../src/session/session.ts';

/** A stream that remembers what was written to it. */
export class TextStream implements OutputStream {
  readonly isTTY: boolean;
  readonly columns = 100;
  text = '';

  constructor(isTTY = false) {
    this.isTTY = isTTY;
  }

  write(text: string, done: (error?: Error | null) => void): boolean {
    this.text += text;
    queueMicrotask(() => done());
    return true;
  }
}

/** Standard input that holds a text. */
export function inputOf(text: string, isTTY = false): InputStream {
  return {
    isTTY,
    async *[Symbol.asyncIterator]() {
      if (text !== '') yield Buffer.from(text);
    },
  };
}
