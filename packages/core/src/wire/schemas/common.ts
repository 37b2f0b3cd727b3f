import { z } from 'zod';
import { name, stateParameter, text, uuid, wholeNumber } from '../text.ts';

/** Default and largest page of a list. */
export const pageLimits = { default: 100, max: 1000 } as const;

/** The query parameters of every list. */
export const page = {
  limit: wholeNumber(1, pageLimits.max)
    .optional()
    .describe('Most entries of a page (default 100, at most 1,000)'),
  cursor: text(2048).optional().describe('Where the page begins: from the `Link` header of the page before'),
  skip: wholeNumber(0, 1_000_000).optional().describe('Entries to leave out at the start, for older clients'),
};

/** The query parameters of lists that are short, so that without a limit all of them come. */
export const shortPage = {
  ...page,
  limit: wholeNumber(1, pageLimits.max)
    .optional()
    .describe('Most entries of a page (default and most 1,000)'),
};
/** The same where there are no other parameters. */
export const shortPageQuery = z.strictObject(shortPage);

/** A query parameter that is yes or no. */
export const flag = z.stringbool({ error: 'must be true or false' });

/** A project in a path: its id or its name. */
export const projectParams = z.strictObject({ project_id: name().describe('Id or name of the project') });

/** How a build is named in a path: long enough for the longest project and number. */
export const buildReference = name(301).describe(
  'Id of the build, a unique prefix of it, or `project:build_number`',
);

/** A build in a path. */
export const buildParams = z.strictObject({ build_id: buildReference });

/** No query parameters. */
export const noQuery = z.strictObject({});

/** The client-made id by which a report counts once, for ever. */
export const eventId = uuid.optional().describe('Client-made UUID: the same report counts once, for ever');

/** The fencing token of a lease. */
export const leaseToken = z
  .int()
  .min(1)
  .optional()
  .describe('Fencing token of the lease under which this is reported');

/** A time in an answer. */
export const time = z.iso.datetime();

/** A state code in a query. */
export const stateQuery = stateParameter;

/** An error that is part of an answer, as it would have been answered alone. */
export const problemAnswer = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .readonly()
      .optional(),
    context: z.record(z.string(), z.unknown()).readonly().optional(),
  })
  .meta({ id: 'PartialProblem' });
