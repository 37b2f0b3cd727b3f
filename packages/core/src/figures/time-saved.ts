import type { Attempt } from '../build/attempt.ts';
import type { ResumeRequest } from '../resume/resume-request.ts';
import { isMeasured } from './durations.ts';
import { rounded } from './quantile.ts';

/** What resuming one build has saved. */
export interface SavedTime {
  /** Requests after which an attempt began. */
  readonly resumes: number;
  /** Seconds of completed work that was not done again. */
  readonly savedSeconds: number;
  /** Attempts whose work was kept. */
  readonly attemptsKept: number;
  /** Kept attempts that count nothing, because nobody saw them start. */
  readonly attemptsUnmeasured: number;
}

/** Nothing saved. */
export const nothingSaved: SavedTime = {
  resumes: 0,
  savedSeconds: 0,
  attemptsKept: 0,
  attemptsUnmeasured: 0,
};

/** The sum of what was saved. */
export function addSaved(one: SavedTime, other: SavedTime): SavedTime {
  return {
    resumes: one.resumes + other.resumes,
    savedSeconds: rounded(one.savedSeconds + other.savedSeconds),
    attemptsKept: one.attemptsKept + other.attemptsKept,
    attemptsUnmeasured: one.attemptsUnmeasured + other.attemptsUnmeasured,
  };
}

/** Attempts that completed work for good; a rollback takes it back. */
const isKeptWork = ({ status }: Attempt) => status === 'completed';

/** What one request has saved, up to the next request of the build. */
function savedBy(request: ResumeRequest, until: string | undefined, attempts: readonly Attempt[]): SavedTime {
  const after = attempts.filter(
    ({ createdAt, attempt }) =>
      attempt !== null && createdAt >= request.createdAt && (until === undefined || createdAt < until),
  );
  if (after.length === 0) return nothingSaved;
  const again = new Set(after.map(({ state }) => state));
  const before = attempts.filter(
    (attempt) =>
      isKeptWork(attempt) &&
      attempt.state < request.resumeFromState &&
      attempt.createdAt < request.createdAt &&
      !again.has(attempt.state),
  );
  // Of each state only the attempt that completed it last: earlier ones were done again anyway.
  const kept = [...new Map(before.map((attempt) => [attempt.state, attempt])).values()];
  const measured = kept.filter(isMeasured);
  return {
    resumes: 1,
    savedSeconds: rounded(measured.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)),
    attemptsKept: kept.length,
    attemptsUnmeasured: kept.length - measured.length,
  };
}

/**
 * What some resume requests of one build have saved: for each after which an attempt began, the durations of the
 * completed attempts of the states before the one resumed at that were not tried again before the next request.
 * @param requests the requests that count
 * @param all all requests of the build
 * @param attempts all of the build's attempts, oldest first
 */
export function savedTime(
  requests: readonly ResumeRequest[],
  all: readonly ResumeRequest[],
  attempts: readonly Attempt[],
): SavedTime {
  const moments = all.map(({ createdAt }) => createdAt).sort();
  return requests
    .map((request) =>
      savedBy(
        request,
        moments.find((moment) => moment > request.createdAt),
        attempts,
      ),
    )
    .reduce(addSaved, nothingSaved);
}
