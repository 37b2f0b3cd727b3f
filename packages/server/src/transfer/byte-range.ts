/** A part of a content: from `start` (inclusive) to `end` (exclusive), in bytes. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** One range of the `bytes` unit (RFC 9110, section 14.1.2). */
const single = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * What a `Range` header asks for. Several ranges and other units are answered with everything, as RFC 9110 allows.
 * @param size of the whole content, in bytes
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'everything' | 'outside' {
  const [, first, last] = single.exec(header?.replaceAll(' ', '') ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'everything';
  if (first === '') {
    const suffix = Math.min(Number(last), size);
    return suffix === 0 ? 'outside' : { start: size - suffix, end: size };
  }
  const start = Number(first);
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && Number(last) < start) return 'everything';
  return start >= size ? 'outside' : { start, end };
}
