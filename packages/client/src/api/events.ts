import type { Door, OperationAnswer } from '@buildstate/core';
import { type CallOptions, type Paging, type QueryOf, queryTexts } from './call.ts';
import type { Listing } from './listing.ts';
import type { Operations } from './operations.ts';

/** An event of a build's history. */
export type EventRecord = OperationAnswer<'listEvents'>[number];
/** An event among those of all builds, with its build and its position. */
export type StreamedEventRecord = OperationAnswer<'listAllEvents'>[number];

type FollowedQuery<K extends 'listEvents' | 'listAllEvents'> = Omit<
  QueryOf<K>,
  Paging | 'limit' | 'lastEventId'
>;

/** What a check of a build's chain of events found. */
export type VerifiedEvents = OperationAnswer<'verifyEvents'>;

/** What happened to builds, as lists and live. */
export interface EventsApi {
  /**
   * What happened to all builds, newest first; with `after`, oldest first from there.
   * @throws NotSupportedError on a store that keeps each build by itself
   */
  list(
    query?: Omit<QueryOf<'listAllEvents'>, Paging | 'lastEventId'>,
    options?: CallOptions,
  ): Listing<StreamedEventRecord>;
  /**
   * What happens to all builds, as it happens: from now on, or behind the position `after`, or from `since`. A
   * connection that is lost is made again, and nothing is missed. Ends with the signal, without an error.
   * @throws NotSupportedError on a store that keeps each build by itself; ValidationError for a position that the store
   *   does not have any more; UnreachableError when there is no connection to begin with
   */
  follow(query?: FollowedQuery<'listAllEvents'>, options?: CallOptions): AsyncIterable<StreamedEventRecord>;
  /**
   * The same for one build, on every store: its history from the first event, or behind `afterSeq`, and then what
   * happens. @throws NotFoundError
   */
  followBuild(
    build: string,
    query?: FollowedQuery<'listEvents'>,
    options?: CallOptions,
  ): AsyncIterable<EventRecord>;
  /** Whether the history of a build is as it was recorded. What is wrong is told in the answer. @throws NotFoundError */
  verify(build: string, query?: QueryOf<'verifyEvents'>, options?: CallOptions): Promise<VerifiedEvents>;
}

/** The facade's part for events. */
export function eventsApi({ call, list }: Operations, door: Pick<Door, 'follow'>): EventsApi {
  return {
    verify: (buildId, query = {}, options) =>
      call('verifyEvents', { params: { buildId }, query: queryTexts<'verifyEvents'>(query) }, options),
    list: (query = {}, options) => list('listAllEvents', {}, query, options),
    follow: (query = {}, options) =>
      door.follow('listAllEvents', { query: queryTexts<'listAllEvents'>(query) }, options),
    followBuild: (buildId, query = {}, options) =>
      door.follow('listEvents', { params: { buildId }, query: queryTexts<'listEvents'>(query) }, options),
  };
}
