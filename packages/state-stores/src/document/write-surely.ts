import type { Clock } from '@buildstate/core';
import { UnavailableError } from '@buildstate/core/light';
import type { DocumentDriver } from './driver.ts';

/** A compare-and-set whose lost reply can be made good. */
export interface SureWrite {
  /** The document. */
  readonly key: string;
  /** Its new text, which holds something that no other write has. */
  readonly text: string;
  /** The version that it must still have; `null`: there must be none. */
  readonly expected: string | null;
  /** Whether a text shows that this write was done, perhaps with others after it. */
  isOurs(text: string): boolean | Promise<boolean>;
}

/** How a write ended. The version is missing when others have written since. */
export type WriteResult = 'conflict' | { readonly version?: string };

const tries = 4;

/**
 * Writes, and finds out what became of the write when its reply is lost.
 *
 * After a failure the document is read. If its version is another one than expected, then the write either was
 * done, which its text shows, or never will be, because its condition cannot hold any more. If the version is
 * still the expected one, the write was not done yet but may still be on its way; the same write is sent again,
 * which cannot be done twice, since whichever arrives first ends the other's condition.
 *
 * @throws what the driver throws; then it is not known whether the write was done
 */
export async function writeSurely(
  driver: DocumentDriver,
  clock: Clock,
  write: SureWrite,
): Promise<WriteResult> {
  const { key, text, expected } = write;
  let doubt = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await driver.putIfVersion(key, text, expected);
      if (result !== 'conflict' || !doubt) return result;
      return await resolve(driver, write);
    } catch (error) {
      const found = await driver.get(key);
      if ((found?.version ?? null) !== expected) return resolve(driver, write);
      if (!(error instanceof UnavailableError) || attempt === tries) throw error;
      doubt = true;
      await clock.sleep(10 * 4 ** attempt);
    }
  }
}

async function resolve(driver: DocumentDriver, write: SureWrite): Promise<WriteResult> {
  const found = await driver.get(write.key);
  if (found === undefined || !(await write.isOurs(found.text))) return 'conflict';
  return found.text === write.text ? { version: found.version } : {};
}
