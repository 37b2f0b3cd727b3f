import type { Build } from '../build/build.ts';
import type { Timestamp } from '../build/timestamp.ts';
import type { BuildEvent, EventType } from '../event/event.ts';

/** An event with its place among the events of all builds. */
export interface StreamedEvent {
  /** Its place: opaque, and good for `after` as long as the store has the event. */
  readonly position: string;
  /** What happened. */
  readonly event: BuildEvent;
  /** The build that it happened to. */
  readonly build: Pick<Build, 'buildNumber' | 'projectId' | 'project'>;
}

/** Which part of the stream. Conditions count together. */
export interface StreamQuery {
  /** Which end comes first. */
  readonly order: 'oldest' | 'newest';
  /** Only what comes behind this position, in the order asked for. @default from the end that comes first */
  readonly after?: string | undefined;
  /** Most events. */
  readonly limit: number;
  /** Of builds of one project. */
  readonly projectId?: string | undefined;
  /** Of one build. */
  readonly buildId?: string | undefined;
  /** Of one of these types. */
  readonly types?: readonly EventType[] | undefined;
  /** That happened at or after this. */
  readonly since?: Timestamp | undefined;
}

/** A part of the stream. */
export interface StreamPart {
  /** The events. With conditions there may be fewer than the limit, or none, though more follow. */
  readonly items: readonly StreamedEvent[];
  /** Where to go on, when more may follow. */
  readonly next?: string;
  /** Whether there are events already that get their place only when older writes have ended. */
  readonly held: boolean;
}

/**
 * One ordered stream of the events of all builds, those of deleted builds included.
 *
 * Promises beyond those of the whole store:
 * - **Nothing is skipped**: once a reader was given an event, nothing ever appears before it. An event of which that
 *   is not sure yet, because an older write is still under way, is held back, and so is everything behind it.
 * - Within a build the order is that of `seq`. Events of one write stand together.
 * - Events of a build that is moved into a store come to the end of its stream, with the times that they have.
 * - A part is found without reading what comes before it. Conditions are tried on a bounded number of events at a time.
 */
export interface EventStream {
  /** A part of the stream. @throws ValidationError with the path `after` when that is no position of such a stream */
  readStream(query: StreamQuery): Promise<StreamPart>;
  /**
   * Whether the store has the event at this position, so that reading can go on behind it; always for the position
   * before the first. Not so when the store was put back to an earlier time, or is another one.
   * @throws ValidationError with the path `after` when it is no position of such a stream
   */
  hasPosition(position: string): Promise<boolean>;
}
