/** In CI nothing may be left out quietly, so there a missing server is a failure. */
export function isContinuousIntegration(): boolean {
  return process.env.CI !== undefined && process.env.CI !== '' && process.env.CI !== 'false';
}
