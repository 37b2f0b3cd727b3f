import type { OperationAnswer, OperationInput } from '@buildstate/core';
import { type CallOptions, type QueryOf, queryTexts } from './call.ts';
import type { Operations } from './operations.ts';

/** How many builds stand how. */
export type DashboardSummary = OperationAnswer<'getDashboardSummary'>;
/** How the builds for one platform stand. */
export type PlatformDashboard = OperationAnswer<'getPlatformDashboard'>;
/** What became of resume requests. */
export type ResumeStats = OperationAnswer<'getResumeStats'>;
/** What resuming has saved. */
export type TimeSaved = OperationAnswer<'getTimeSaved'>;
/** How much artifacts take. */
export type StorageUsage = OperationAnswer<'getStorageUsage'>;
/** How resumed builds stand. */
export type ResumeSuccess = OperationAnswer<'getResumeSuccessRate'>;
/** How long states take. */
export type DurationTrends = OperationAnswer<'getDurationTrends'>;
/** How often states fail. */
export type FailureTrends = OperationAnswer<'getFailureTrends'>;

/** What all builds add up to. Each figure is defined in the API's documentation. */
export interface FiguresApi {
  /** How many builds stand how, and the newest of them. */
  summary(query?: QueryOf<'getDashboardSummary'>, options?: CallOptions): Promise<DashboardSummary>;
  /** The newest builds, ten unless `limit` says otherwise. */
  recent(
    query?: QueryOf<'listRecentBuilds'>,
    options?: CallOptions,
  ): Promise<OperationAnswer<'listRecentBuilds'>>;
  /** How the builds for a platform stand. @throws NotFoundError */
  platform(platform: string, options?: CallOptions): Promise<PlatformDashboard>;
  /** What became of resume requests. @throws ValidationError for a period that is none */
  resumes(query?: QueryOf<'getResumeStats'>, options?: CallOptions): Promise<ResumeStats>;
  /** How much work was not done again. @throws ValidationError for a period that is none */
  timeSaved(query?: QueryOf<'getTimeSaved'>, options?: CallOptions): Promise<TimeSaved>;
  /** How the builds stand that were resumed. @throws ValidationError for a period that is none */
  resumeSuccess(query?: QueryOf<'getResumeSuccessRate'>, options?: CallOptions): Promise<ResumeSuccess>;
  /** How much artifacts take, by backend and type. */
  storage(query?: QueryOf<'getStorageUsage'>, options?: CallOptions): Promise<StorageUsage>;
  /** How long states take, over time. @throws ValidationError for a period that is none */
  durations(query?: QueryOf<'getDurationTrends'>, options?: CallOptions): Promise<DurationTrends>;
  /** How often states fail, over time. @throws ValidationError for a period that is none */
  failures(query?: QueryOf<'getFailureTrends'>, options?: CallOptions): Promise<FailureTrends>;
}

type FigureName =
  | 'getDashboardSummary'
  | 'listRecentBuilds'
  | 'getResumeStats'
  | 'getTimeSaved'
  | 'getResumeSuccessRate'
  | 'getStorageUsage'
  | 'getDurationTrends'
  | 'getFailureTrends';

/** The facade's part for figures. */
export function figuresApi({ call }: Operations): FiguresApi {
  const figure =
    <K extends FigureName>(operation: K) =>
    (query: QueryOf<K> = {}, options?: CallOptions): Promise<OperationAnswer<K>> =>
      call<K>(operation, { query: queryTexts<K>(query) } as Partial<OperationInput<K>>, options);
  return {
    summary: figure('getDashboardSummary'),
    recent: figure('listRecentBuilds'),
    platform: (id, options) => call('getPlatformDashboard', { params: { id } }, options),
    resumes: figure('getResumeStats'),
    timeSaved: figure('getTimeSaved'),
    resumeSuccess: figure('getResumeSuccessRate'),
    storage: figure('getStorageUsage'),
    durations: figure('getDurationTrends'),
    failures: figure('getFailureTrends'),
  };
}
