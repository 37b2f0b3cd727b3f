import { answersTag, type OperationName, type Route, takesCondition } from '@buildstate/core';
import { z } from 'zod';

/** Which headers an operation takes and answers besides those of every one. */
export interface OperationHeaders {
  /** Whether it takes `Idempotency-Key`. */
  readonly key: boolean;
  /** Whether it takes `If-Match`. */
  readonly condition: boolean;
  /** Whether it answers `ETag`. */
  readonly tag: boolean;
}

/** The headers of one of the tracker's operations. */
export function headersOf(name: OperationName, { method }: Route): OperationHeaders {
  return {
    key: method === 'POST' || method === 'PATCH',
    condition: takesCondition(name),
    tag: answersTag(name),
  };
}

const key = z
  .string()
  .min(1)
  .max(255)
  .optional()
  .describe(
    'Names this one request: sent again with the same key, it has one effect and one answer. Any visible ASCII, such as a UUID; kept for 24 hours.',
  );
const match = z
  .string()
  .optional()
  .describe('ETags of which the changed thing must still have one, as they were answered; `*` for any.');
const noneMatch = z.string().optional().describe('ETags that the caller has already: answers 304 then.');

/** What stands in the request's headers; `undefined` when nothing needs to. */
export function requestHeaders(headers: OperationHeaders, { method }: Route): z.ZodType | undefined {
  const shape = {
    ...(headers.key && { 'Idempotency-Key': key }),
    ...(headers.condition && { 'If-Match': match }),
    ...(headers.tag && method === 'GET' && { 'If-None-Match': noneMatch }),
  };
  return Object.keys(shape).length === 0 ? undefined : z.object(shape);
}
