import type { OutputStream } from '../session/session.ts';

/** Whether the reader went away, which is the reader's right: `bldst build list | head -1`. */
function readerGone(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}

/**
 * Writes a text whole, however slow the reader is, and waits until it is on its way. A reader that went away is
 * no error.
 * @throws the system's error for anything else, such as a full disk
 */
export function writeText(stream: OutputStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error && !readerGone(error)) reject(error);
      else resolve();
    });
  });
}
