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
    signature: z
      .string()
      .nullable()
      .describe('Of a checkpoint: key and signature over build, seq and hash; null for other events'),
  })
  .meta({ id: 'Event' });

/** `GET /builds/{id}/events/verify`. */
export const verifyEventsQuery = z.strictObject({
  unsigned_before: instant
    .optional()
    .describe('Checkpoints from before this may be without a signature, because there were none then'),
  known: z
    .string()
    .regex(
      /^[1-9]\d{0,14}:[0-9a-f]{64}$/,
      'must be the number of an event and its hash, as in 13:<64 hex digits>',
    )
    .optional()
    .describe(
      'The end that the chain had at an earlier check (`end`), kept where nobody who can write to the store can change it: what was cut off since, together with what the build says of its end, is found',
    ),
});

/** What a check of a build's chain found. */
export const verifiedEventsAnswer = z
  .object({
    build_id: z.string(),
    build_number: z.string(),
    project: z.string(),
    events: z.int().describe('Events that were checked and are right, from the first'),
    hash: z.string().describe('The hash of the last of them'),
    end: z
      .string()
      .describe(
        'Number and hash of the last of them, `seq:hash`: kept elsewhere, it is good for `known` later',
      ),
    signed_seq: z.int().describe('The last checkpoint with a good signature; 0 when there is none'),
    problem: z
      .object({
        seq: z.int(),
        problem: z.string().describe('The end of a sentence that begins with the event'),
      })
      .nullable()
      .describe('The first event that is not right; null when all are'),
  })
  .meta({ id: 'VerifiedEvents' });

/** An event among those of all builds. */
export const streamedEventAnswer = eventAnswer
  .extend({
    position: z.string().describe('Its place among the events of all builds: opaque, good for `after`'),
    ...ofBuild,
  })
  .meta({ id: 'StreamedEvent' });
