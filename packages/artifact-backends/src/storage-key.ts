import { checkStorageKey, ValidationError } from '@buildstate/core/light';

/** Whether a name found in a store can be a key. Others were put there by somebody else, and are no objects. */
export function isStorageKey(name: string): boolean {
  try {
    checkStorageKey(name);
    return true;
  } catch (error) {
    if (error instanceof ValidationError) return false;
    throw error;
  }
}
