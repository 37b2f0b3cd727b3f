import { schemas, toWire } from '@buildstate/core';

/** What the tracker's schema finds wrong with the body of a job. */
export function linkJobBodyProblems(body: unknown): string[] {
  const result = schemas.linkJob.body.safeParse(toWire(body));
  return result.success ? [] : result.error.issues.map((issue) => issue.message);
}
