import type { FollowedBatch } from './follow-tail.ts';
import type { FollowedEvent } from './sources.ts';

/** Lists of events that can also be followed live. */
export type FollowedOperation = 'listEvents' | 'listAllEvents';

/** Events as they come: those behind a place, and then new ones. */
export type Following = AsyncGenerator<FollowedBatch<FollowedEvent>, void>;
