import { checkStorageKey, ValidationError } from '@buildstate/core/light';

/** The first segment of the names under which stores keep what is not visible yet. No key may begin with it. */
export const stagingName = '.bldst-uploads';

/** Whether a key lies where only uploads in progress may. */
export function isStaged(key: string): boolean {
  // Some stores take names that differ in case for the same.
  return key.split('/', 1)[0]?.toLowerCase() === stagingName;
}

/** Checks a key of an object. @throws ValidationError for what is no key, and for keys among uploads in progress */
export function checkObjectKey(key: string): string {
  checkStorageKey(key);
  if (!isStaged(key)) return key;
  const message = `must not begin with ${stagingName}, which is used for uploads`;
  throw new ValidationError(`key ${message}.`, { problems: [{ path: 'key', message }] });
}
