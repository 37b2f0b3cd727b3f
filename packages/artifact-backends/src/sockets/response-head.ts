/** The head of a response that is as plain as responses to reads are. */
export interface PlainHead {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body. */
  readonly contentLength: number;
  /** Whether the connection can be used for another request afterwards. */
  readonly keepAlive: boolean;
}

/** Longest head that is looked at, in bytes: twice what Node's own client takes by default would be unusual. */
export const mostHeadBytes = 32 * 1024;

const statusLine = /^HTTP\/1\.1 (\d{3})(?: [\t\x20-\x7e\x80-\xff]*)?$/;
/** RFC 9110, 5.1 and 5.5: a token, a colon, and visible characters, blanks and tabs. */
const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([\t\x20-\x7e\x80-\xff]*)$/;
/** Headers that change how the body is to be read, beyond what is understood here. */
const unusual = ['transfer-encoding', 'content-encoding', 'trailer', 'upgrade'];

function parseFields(lines: readonly string[]): Record<string, string> | undefined {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of lines) {
    const [, name, value] = field.exec(line) ?? [];
    if (name === undefined || value === undefined) return undefined;
    const key = name.toLowerCase();
    // What occurs twice may be read differently by whoever is between us and the store.
    if (Object.hasOwn(headers, key)) return undefined;
    headers[key] = value.trimEnd();
  }
  return headers;
}

/**
 * Reads the head of a response, strictly. Answers `undefined` for everything that is not a plain successful answer to a
 * read (RFC 9112): another status, chunks, compression, repeated or folded headers. Those are for a complete client.
 * @param bytes up to and without the empty line
 */
export function parsePlainHead(bytes: Buffer): PlainHead | undefined {
  const [first = '', ...lines] = bytes.toString('latin1').split('\r\n');
  const status = Number(statusLine.exec(first)?.[1]);
  if (status !== 200 && status !== 206) return undefined;
  const headers = parseFields(lines);
  if (headers === undefined || unusual.some((name) => headers[name] !== undefined)) return undefined;
  const length = headers['content-length'] ?? '';
  if (!/^\d{1,15}$/.test(length)) return undefined;
  const keepAlive = !/\bclose\b/i.test(headers.connection ?? '');
  return { status, headers, contentLength: Number(length), keepAlive };
}
