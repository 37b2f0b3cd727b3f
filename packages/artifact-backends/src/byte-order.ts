/**
 * Orders keys by their UTF-8 bytes, as object stores do. JavaScript's own order goes by UTF-16 units and puts
 * characters beyond U+FFFF before some that come earlier.
 */
export function byteOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** What precedes the first character on which the two orders may disagree; `undefined` when there is none. */
function commonPart(key: string): string | undefined {
  const at = key.search(/[\ud800-\uffff]/);
  return at === -1 ? undefined : key.slice(0, at);
}

/** Whether the key goes on from the common part with such a character. */
function belongsTo(key: string, part: string): boolean {
  return key.startsWith(part) && commonPart(key) === part;
}

/**
 * Turns a listing that is ordered by UTF-16 units into one ordered by bytes. One that is ordered by bytes stays as it
 * is. The orders differ only among neighbours that share what precedes the first character from U+D800 on, so no more
 * than those are held in memory.
 */
export async function* inByteOrder<Entry extends { readonly key: string }>(
  listing: AsyncIterable<Entry>,
): AsyncGenerator<Entry> {
  let run: Entry[] = [];
  let part: string | undefined;
  const sorted = () => run.toSorted((a, b) => byteOrder(a.key, b.key));
  for await (const entry of listing) {
    if (part !== undefined && belongsTo(entry.key, part)) {
      run.push(entry);
      continue;
    }
    yield* sorted();
    run = [];
    part = commonPart(entry.key);
    if (part === undefined) yield entry;
    else run.push(entry);
  }
  yield* sorted();
}
