const awayCodes = new Set(['unreachable', 'unavailable', 'timeout']);

/**
 * Whether an error says that the tracker is away: itself, or as the cause of a failed transfer to its own disk.
 * Judged by the code, since parts that are loaded on demand may bring their own copy of the class.
 */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && awayCodes.has(String(error.code))) || isAway(error.cause);
}
