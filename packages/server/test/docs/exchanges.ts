import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One request of a page, and the answer that the page promises. */
export interface Exchange {
  /** The heading above it and its number under it, for reports. */
  readonly title: string;
  /** The method. */
  readonly method: string;
  /** Path and query, with `{names}` of what earlier answers gave. */
  readonly path: string;
  /** Headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What is sent, as it is written. */
  readonly body: string | undefined;
  /** The status that is promised. */
  readonly status: number;
  /** Headers that are promised, names in lower case. */
  readonly answerHeaders: Readonly<Record<string, string>>;
  /** The body that is promised. */
  readonly answer: unknown;
}

const page = fileURLToPath(new URL('../../../../docs/guide/existing-scripts.md', import.meta.url));

/** Head lines, then an empty line, then the body. */
function partsOf(block: string): {
  first: string;
  headers: Record<string, string>;
  body: string | undefined;
} {
  const [head = '', ...rest] = block.trimEnd().split('\n\n');
  const [first = '', ...lines] = head.split('\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { first, headers, body: rest.length === 0 ? undefined : rest.join('\n\n') };
}

function exchangeOf(title: string, request: string, answer: string): Exchange {
  const { first, headers, body } = partsOf(request);
  const [method = '', path = ''] = first.split(' ');
  const answered = partsOf(answer);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answered.first)?.[1]);
  return {
    title,
    method,
    path,
    headers,
    body,
    status,
    answerHeaders: answered.headers,
    answer: answered.body === undefined ? undefined : JSON.parse(answered.body),
  };
}

/**
 * Every exchange of the page about existing scripts: blocks marked `http` come in pairs, a request and its answer.
 * @throws SyntaxError for a promised body that is no JSON; TypeError for a block that stands alone
 */
export function exchangesOnPage(): Exchange[] {
  const exchanges: Exchange[] = [];
  let heading = '';
  let number = 0;
  let request: string | undefined;
  for (const [, title, block] of readFileSync(page, 'utf8').matchAll(
    /^## (.+)$|^```http\n([\s\S]*?)^```$/gm,
  )) {
    if (title !== undefined) [heading, number] = [title, 0];
    else if (request === undefined) request = block ?? '';
    else {
      number += 1;
      exchanges.push(exchangeOf(`${heading}, ${number}`, request, block ?? ''));
      request = undefined;
    }
  }
  if (request !== undefined) throw new TypeError(`A request under "${heading}" has no answer.`);
  return exchanges;
}
