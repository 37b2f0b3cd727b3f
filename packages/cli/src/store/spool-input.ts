import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { InputStream } from '../session/session.ts';

/** A file that holds what came in, for as long as it is needed. */
export interface SpooledInput {
  /** Its path. */
  readonly path: string;
  /** Removes it. */
  remove(): Promise<void>;
}

/** Writes standard input to a file that only its owner can read, so that it can be read more than once. */
export async function spoolInput(stdin: InputStream): Promise<SpooledInput> {
  const folder = await mkdtemp(join(tmpdir(), 'bldst-import-'));
  const path = join(folder, 'standard-input');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await pipeline(Readable.from(stdin), createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, remove };
}
