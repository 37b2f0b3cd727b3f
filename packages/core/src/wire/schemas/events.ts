import { z } from 'zod';
import { type EventType, eventTypes } from '../../event/event.ts';
import { nearestNames } from '../../text/nearest-names.ts';
import { instant, name, text, wholeNumber } from '../text.ts';
import { ofBuild } from './artifacts.ts';
import { buildReference, page, time } from './common.ts';

/** Ends a name that stands for all types that begin so. */
const anyEnd = '*';

/** The types that a word stands for; nothing for one that is none. */
function typesOf(word: string): readonly EventType[] {
  return word.endsWith(`.${anyEnd}`)
    ? eventTypes.filter((type) => type.startsWith(word.slice(0, -anyEnd.length)))
    : eventTypes.filter((type) => type === word);
}

const typeList = text(2000)
  .transform((value, context) => {
    const words = value.split(',').map((word) => word.trim());
    return words.flatMap((word) => {
      const types = typesOf(word);
      if (types.length > 0) return types;
      const nearest = nearestNames(word, eventTypes);
      const hint = nearest.length > 0 ? `; did you mean ${nearest.join(' or ')}?` : '';
      context.addIssue({ code: 'custom', message: `has no type of event "${word}"${hint}` });
      return [];
    });
  })
  .describe('Only events of these types, with commas between: `state.failed`, `artifact.*`');

const lastEventId = (what: string) =>
  text(100).optional().describe(`The same as \`${what}\`, as browsers that follow a stream may send it`);

const seq = wholeNumber(0, 2 ** 31);

/** `GET /builds/{id}/events`. */
export const listEventsQuery = z.strictObject({
  ...page,
  after_seq: seq.optional().describe('Only events after this number'),
  last_event_id: seq
    .optional()
    .describe('The same as `after_seq`, as browsers that follow a stream may send it'),
});

/** `GET /events`. */
export const listAllEventsQuery = z.strictObject({
  ...page,
  project_id: name().optional().describe('Only events of builds of this project: its id or name'),
  build_id: buildReference.optional(),
  type: typeList.optional(),
  since: instant.optional().describe('Only events that happened at this time or later'),
  after: text(100)
    .optional()
    .describe('Only events behind this `position`, and the oldest first; `0` is before the first'),
  last_event_id: lastEventId('after'),
});

/** An event as it is answered. */
export const eventAnswer = z
  .object({
    build_id: z.string(),
    seq: z.int(),
    type: z.enum(eventTypes),
    actor_id: z.string(),
    at: time,
    data: z.record(z.string(), z.unknown()),
    prev_hash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'Event' });

/** An event among those of all builds. */
export const streamedEventAnswer = eventAnswer
  .extend({
    position: z.string().describe('Its place among the events of all builds: opaque, good for `after`'),
    ...ofBuild,
  })
  .meta({ id: 'StreamedEvent' });
