/** A signed request without a body, as SDKs describe it. */
export interface PlainRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
}

function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function queryOf(query: PlainRequest['query'] = {}): string | undefined {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    if (typeof value !== 'string') return undefined;
    pairs.push(`${escaped(name)}=${escaped(value)}`);
  }
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/**
 * The bytes of a request (RFC 9112, 3). Answers `undefined` for one that is not plain: repeated parameters, or
 * characters that would end a line early.
 */
export function requestHead({ method, path, query, headers }: PlainRequest): string | undefined {
  const parameters = queryOf(query);
  if (parameters === undefined) return undefined;
  const lines = [
    `${method} ${path}${parameters} HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
  if (lines.some((line) => /[\x00-\x08\x0a-\x1f\x7f-\uffff]/.test(line))) return undefined;
  return `${lines.join('\r\n')}\r\n\r\n`;
}
