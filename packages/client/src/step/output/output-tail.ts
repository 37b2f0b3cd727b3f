import { stripVTControlCharacters } from 'node:util';

/** How much of a command's output is kept for the record of a failure. */
export interface TailLimits {
  /** Lines. @default 40 */
  readonly lines?: number;
  /** Bytes of UTF-8; what is too much is cut off at the front. @default 4000 */
  readonly bytes?: number;
}

/** Raw bytes kept: colour codes and redrawn progress lines take far more room than what they leave on screen. */
const window = 64 * 1024;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const control = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** What a terminal would show of a line in the end: the text after the last carriage return. */
function settled(line: string): string {
  const parts = line.split('\r').filter((part) => part !== '');
  return (parts.at(-1) ?? '').replace(control, '').trimEnd();
}

function lastBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  // A character that is cut in two at the front decodes to replacement characters.
  return bytes
    .subarray(bytes.length - limit)
    .toString()
    .replace(/^\ufffd+/, '');
}

/** The end of what a command printed, in bounded memory. */
export class OutputTail {
  readonly #lines: number;
  readonly #bytes: number;
  #kept: Buffer = Buffer.alloc(0);

  constructor({ lines = 40, bytes = 4000 }: TailLimits = {}) {
    this.#lines = lines;
    this.#bytes = bytes;
  }

  /** Takes the next bytes of either stream. */
  push(chunk: Uint8Array): void {
    this.#kept = Buffer.concat([this.#kept, chunk]);
    if (this.#kept.length > 2 * window) this.#kept = Buffer.from(this.#kept.subarray(-window));
  }

  /** The last lines as plain text: no colours, no control characters, no empty lines at the end. */
  text(): string {
    const plain = stripVTControlCharacters(this.#kept.subarray(-window).toString()).toWellFormed();
    const lines = plain.replaceAll('\r\n', '\n').split('\n').map(settled);
    while (lines.at(-1) === '') lines.pop();
    return lastBytes(lines.slice(-this.#lines).join('\n'), this.#bytes);
  }
}
