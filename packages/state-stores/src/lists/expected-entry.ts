import type { Timestamp } from '@buildstate/core';

/** Whether an entry of reference data is still what a change of it was decided on; see `StateStore.saveReference`. */
export function isAsExpected(
  stored: { readonly updatedAt: Timestamp } | undefined,
  expected: Timestamp | null | undefined,
): boolean {
  return expected === undefined || (stored?.updatedAt ?? null) === expected;
}
