import { secondsBetween } from '../build/timestamp.ts';
import type { BuildFacts, InBuild } from '../ports/searches.ts';
import { isOpen, type ResumeRequest } from '../resume/resume-request.ts';
import { countBy, groupBy } from './group-by.ts';
import { quantile, share } from './quantile.ts';

/** How some resume requests went. */
export interface RequestCount {
  /** All of them. */
  readonly requests: number;
  /** Still pending, triggered or running. */
  readonly open: number;
  /** Their builds went on to the end, or to the state asked for. */
  readonly completed: number;
  /** They failed again, or their job could not be started. */
  readonly failed: number;
  /** They were called off. */
  readonly cancelled: number;
  /** Completed ones among those that completed or failed; `null` when there are neither. */
  readonly successRate: number | null;
}

/** What became of resume requests. */
export interface ResumeStats extends RequestCount {
  /** Builds that they were made for. */
  readonly builds: number;
  /** From request to completion, the median of the completed ones. */
  readonly medianSecondsToComplete: number | null;
  /** By who asked, most first. */
  readonly sources: readonly { readonly source: string; readonly count: number }[];
  /** By the state that they resumed at, ascending. */
  readonly states: readonly (RequestCount & { readonly state: number })[];
}

function countOf(requests: readonly ResumeRequest[]): RequestCount {
  const having = (status: ResumeRequest['orchestrationStatus']) =>
    requests.filter(({ orchestrationStatus }) => orchestrationStatus === status).length;
  const completed = having('completed');
  const failed = having('failed');
  return {
    requests: requests.length,
    open: requests.filter(isOpen).length,
    completed,
    failed,
    cancelled: having('cancelled'),
    successRate: share(completed, completed + failed),
  };
}

/** What became of some resume requests. */
export function resumeStats(found: readonly InBuild<ResumeRequest>[]): ResumeStats {
  const requests = found.map(({ record }) => record);
  const took = requests.flatMap(({ orchestrationStatus, createdAt, completedAt }) =>
    orchestrationStatus === 'completed' && completedAt !== null
      ? [secondsBetween(createdAt, completedAt)]
      : [],
  );
  return {
    ...countOf(requests),
    builds: new Set(requests.map(({ buildId }) => buildId)).size,
    medianSecondsToComplete: quantile(took, 0.5),
    sources: countBy(requests, ({ requestSource }) => requestSource).map(({ key, count }) => ({
      source: key,
      count,
    })),
    states: [...groupBy(requests, ({ resumeFromState }) => resumeFromState)]
      .map(([state, some]) => ({ state, ...countOf(some) }))
      .sort((a, b) => a.state - b.state),
  };
}

/** How the builds stand for which a resume was asked. */
export interface ResumeSuccess {
  /** Builds for which at least one resume was asked. */
  readonly buildsResumed: number;
  /** Completed now. */
  readonly completed: number;
  /** Failed now. */
  readonly failed: number;
  /** Given up. */
  readonly cancelled: number;
  /** Going on. */
  readonly running: number;
  /** Completed ones among those that are completed, failed or given up; `null` when none is. */
  readonly successRate: number | null;
}

/** How the builds stand for which some resume requests were made. */
export function resumeSuccess(found: readonly InBuild<ResumeRequest>[]): ResumeSuccess {
  const builds = [...new Map(found.map(({ build }) => [build.id, build])).values()];
  const having = (...statuses: BuildFacts['status'][]) =>
    builds.filter(({ status }) => statuses.includes(status)).length;
  const [completed, failed, cancelled] = [having('completed'), having('failed'), having('cancelled')];
  return {
    buildsResumed: builds.length,
    completed,
    failed,
    cancelled,
    running: having('pending', 'running'),
    successRate: share(completed, completed + failed + cancelled),
  };
}
