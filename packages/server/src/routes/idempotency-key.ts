import { ValidationError } from '@buildstate/core';
import type { FastifyRequest } from 'fastify';

/** Tells that an answer was given before, to the same request. */
export const replayedHeader = 'idempotency-replayed';

/** A string of structured fields (RFC 9651, 3.3.3), as the header is defined. */
const quoted = /^"((?:[^"\\]|\\["\\])*)"$/;

/**
 * The key in `Idempotency-Key`: a string in double quotes, as the header's draft has it, or what stands there by itself,
 * as most clients send it. Both spellings are the same key.
 * @throws ValidationError when a quote is missing
 */
function keyIn(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = [header].flat().join(', ').trim();
  if (!text.startsWith('"')) return text;
  const inside = quoted.exec(text)?.[1];
  if (inside !== undefined) return inside.replaceAll(/\\(["\\])/g, '$1');
  const message = 'begins with a double quote, but is no string in double quotes';
  throw new ValidationError(`Idempotency-Key ${message}.`, {
    problems: [{ path: 'Idempotency-Key', message }],
  });
}

/**
 * The key of a request. Others than POST and PATCH are repeatable by themselves, so what stands there is not looked at.
 * @throws ValidationError when a quote is missing
 */
export function keyOf({ method, headers }: FastifyRequest): string | undefined {
  return method === 'POST' || method === 'PATCH' ? keyIn(headers['idempotency-key']) : undefined;
}
