/**
 * The cursor of the next page from a `Link` header (RFC 8288), or `undefined` on the last page. Only the cursor
 * is taken: the rest of the address stays what the caller asked for.
 */
export function nextCursor(header: string | undefined, base: string): string | undefined {
  const link = /<([^<>]*)>\s*;[^,]*\brel="?next"?/i.exec(header ?? '')?.[1];
  if (link === undefined || !URL.canParse(link, base)) return undefined;
  return new URL(link, base).searchParams.get('cursor') ?? undefined;
}
