import { z } from 'zod';

/** A problem as it is answered: RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string().describe('A URI reference that names the kind of problem'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What went wrong with which object, and what to do'),
    code: z.string().describe('Stable and machine-readable'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('The invalid fields'),
    context: z.record(z.string(), z.unknown()).optional().describe('Facts for machines'),
    request_id: z.string().optional().describe('As in X-Request-Id; the key to the log'),
  })
  .meta({ id: 'Problem' });

/** What each status of an error means here. */
export const errorDescriptions: Readonly<Record<number, string>> = {
  400: 'The request is malformed: it is not JSON, has a field twice, or is no valid URL.',
  401: 'No key, or one that is not known, expired or revoked.',
  403: 'The key does not have the scope, or is bound to another project.',
  404: 'There is no such object, or the key may not know of it.',
  408: 'The body did not arrive in time.',
  409: 'The request contradicts the present state; `code` says how.',
  411: 'Content-Length is missing.',
  412: 'The object is not the version that If-Match names.',
  413: 'The body is larger than the limit, which is named.',
  415: 'The body is of another media type.',
  416: 'The range lies outside of the content.',
  422: 'A field is invalid or unknown; `errors` names each.',
  429: 'Too many failed authentications from this address; see Retry-After.',
  500: 'A fault of the server; its log has the cause under the request id.',
  503: 'The store cannot be reached now; see Retry-After.',
};

/** The answers of a route for these statuses, as Fastify's schemas have them. */
export function problemResponses(statuses: readonly number[]): Record<number, object> {
  const content = { 'application/problem+json': { schema: problemSchema } };
  return Object.fromEntries(
    statuses.map((status) => [status, { description: errorDescriptions[status] ?? 'A problem.', content }]),
  );
}
