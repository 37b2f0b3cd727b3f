import { OutputFullError } from '../errors/output-full-error.ts';
import type { OutputStream } from '../session/session.ts';

/** Whether the reader went away, which is the reader's right: `bldst build list | head -1`. */
function readerGone(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}

/** The system's error, put into words where there are better ones than its own. */
function inWords(error: Error, name: string): Error {
  const { code } = error as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return full ? new OutputFullError(`${name}: no space left`, { cause: error }) : error;
}

/**
 * Writes a text whole, however slow the reader is, and waits until it is on its way. A reader that went away is
 * no error.
 *
 * @param name what the stream is called in errors
 * @throws OutputFullError when the disk or a quota is full; the system's error for anything else
 */
export function writeText(stream: OutputStream, text: string, name = 'standard output'): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error && !readerGone(error)) reject(inWords(error, name));
      else resolve();
    });
  });
}
