import type { ErrorKind, Persistence } from '@buildstate/core';
import { BuildStateError, NoSpaceError, StorageError } from '@buildstate/core/light';
import { errorCode } from '@buildstate/node-runtime';

interface Meaning {
  readonly says: string;
  readonly kind?: ErrorKind;
  readonly persistence?: Persistence;
}

const full: Meaning = { says: 'the disk is full', kind: 'no_space' };
const forbidden: Meaning = { says: 'this user may not do that', kind: 'forbidden' };
const folder: Meaning = { says: 'the key is a folder of other objects', kind: 'conflict' };
const busy: Meaning = { says: 'too many files are open', persistence: 'transient' };
const away: Meaning = { says: 'the file system does not answer', persistence: 'transient' };

/** What the system's codes mean here. All others are permanent failures without further meaning. */
const meanings: Readonly<Record<string, Meaning>> = {
  ENOSPC: full,
  EDQUOT: { says: 'the quota is used up', kind: 'no_space' },
  EFBIG: { says: 'the file system holds no file so large', kind: 'too_large' },
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: { says: 'the file system is read-only', kind: 'forbidden' },
  EISDIR: folder,
  ENOTEMPTY: folder,
  EEXIST: folder,
  ENOTDIR: { says: 'a part of the key is an object itself', kind: 'conflict' },
  ENAMETOOLONG: { says: 'the name is too long for the file system', kind: 'invalid' },
  EXDEV: {
    says: 'its folder is on another file system than the root; open that folder as a root of its own',
  },
  EMFILE: busy,
  ENFILE: busy,
  EAGAIN: away,
  EBUSY: away,
  EIO: away,
  ESTALE: away,
  ETIMEDOUT: away,
  EHOSTDOWN: away,
  ENOTCONN: away,
};

/**
 * Turns a failure into a `StorageError` that says whether a repetition can help. Errors of ours, and the
 * reasons of aborted signals, stay as they are.
 * @param what the call in words: `put of file:///root/key`
 */
export function toStorageError(failure: unknown, what: string): unknown {
  const error = failure instanceof NoSpaceError ? failure.cause : failure;
  const code = errorCode(error);
  if (code === undefined || error instanceof BuildStateError) return error;
  const meaning = meanings[code];
  const reason = meaning === undefined ? code : `${meaning.says} (${code})`;
  return new StorageError(`The ${what} failed: ${reason}.`, {
    cause: error,
    kind: meaning?.kind,
    persistence: meaning?.persistence,
    context: { system_code: code },
  });
}

/** A symbolic link stands where a folder or file of ours should be. */
export function linkRefused(name: string): StorageError {
  return new StorageError(`${name} is or lies behind a symbolic link, which is not followed.`, {
    kind: 'forbidden',
  });
}
