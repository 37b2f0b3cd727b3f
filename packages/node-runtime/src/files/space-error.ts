import { NoSpaceError } from '@buildstate/core/light';
import { errorCode } from './error-code.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full',
  EDQUOT: 'The quota of the disk is used up',
};

/** A failure for want of space as a `NoSpaceError` that names the file or folder; `undefined` for all others. */
export function spaceErrorOf(error: unknown, path: string): NoSpaceError | undefined {
  const code = errorCode(error) ?? '';
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  if (reason === undefined) return undefined;
  return new NoSpaceError(`${reason} (${code}): ${path} cannot be written. Make room and try again.`, {
    cause: error,
    context: { path, system_code: code },
  });
}
