/** Whether something that was thrown is an error of BuildState with a code, whichever copy of the package made it. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
