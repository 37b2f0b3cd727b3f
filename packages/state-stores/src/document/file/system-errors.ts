import { BuildStateError, StoreError, UnavailableError } from '@buildstate/core/light';
import { errorCode } from '@buildstate/node-runtime';

/** Codes of failures that may be over in a moment. */
const passing = new Set(['EAGAIN', 'EBUSY', 'EINTR', 'EMFILE', 'ENFILE', 'ESTALE', 'ETIMEDOUT']);

const advice: Readonly<Record<string, string>> = {
  ENOSPC: 'Its disk is full: make room and try again.',
  EDQUOT: 'The quota of its disk is used up: make room and try again.',
  EROFS: 'Its file system is read-only.',
  EACCES: 'This user may not use it: check the owner and the permissions of the folder.',
  EPERM: 'This user may not use it: check the owner and the permissions of the folder.',
};

/** Does something with files, and says of the system's errors which folder they are about and what helps. */
export async function withSystemErrors<T>(root: string, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || error instanceof BuildStateError) throw error;
    const details = { cause: error, context: { folder: root, system_code: code } };
    if (passing.has(code))
      throw new UnavailableError(`${root} could not ${what} just now (${code}).`, details);
    throw new StoreError(`${root} could not ${what} (${code}). ${advice[code] ?? ''}`.trimEnd(), details);
  }
}
