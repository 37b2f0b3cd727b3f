import { PreconditionFailedError, ValidationError } from '@buildstate/core';
import type { FastifyRequest } from 'fastify';

/** An entity tag (RFC 9110, 8.8.3), with what follows it in a list. */
const listed = /^(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,\s*|$)/;

interface EntityTag {
  readonly tag: string;
  readonly weak: boolean;
}

/** The tags of a list; `undefined` when it is none. */
function tagsIn(header: string): EntityTag[] | undefined {
  const tags: EntityTag[] = [];
  for (let rest = header.trim(); rest !== ''; ) {
    const [all, weak, tag] = listed.exec(rest) ?? [];
    if (all === undefined || tag === undefined) return undefined;
    tags.push({ tag, weak: weak !== undefined });
    rest = rest.slice(all.length);
  }
  return tags.length > 0 ? tags : undefined;
}

/**
 * The tags that `If-Match` names, for a change.
 * @throws ValidationError for `If-None-Match`, which no change can depend on
 * @throws PreconditionFailedError when it names no strong tag, so that it cannot hold (RFC 9110, 13.1.1)
 */
export function tagsAskedFor({ method, headers }: FastifyRequest): readonly string[] | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined;
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (noneMatch !== undefined) {
    const message = 'is understood by GET alone; changes take If-Match';
    throw new ValidationError(`If-None-Match ${message}.`, {
      problems: [{ path: 'If-None-Match', message }],
    });
  }
  if (match === undefined) return undefined;
  if (match.trim() === '*') return ['*'];
  const strong = (tagsIn(match) ?? []).filter(({ weak }) => !weak).map(({ tag }) => tag);
  if (strong.length > 0) return strong;
  throw new PreconditionFailedError(
    'If-Match must name an ETag as it was answered, in double quotes, such as "7". Weak ones never match.',
  );
}

/** Whether the caller of a GET has this tag already (RFC 9110, 13.1.2). */
export function isKnown({ method, headers }: FastifyRequest, tag: string): boolean {
  const { 'if-none-match': known } = headers;
  if (known === undefined || (method !== 'GET' && method !== 'HEAD')) return false;
  return known.trim() === '*' || (tagsIn(known) ?? []).some((one) => one.tag === tag);
}
