/** What stands in the place of a secret. */
const mask = Buffer.from('***');

/** Shorter texts occur everywhere, so hiding them would make output unreadable and tell the secret's length. */
export const shortestSecret = 4;

/** Other ways in which programs print a value: each line of it, in JSON, in a URL, in base64. */
function spellings(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  const lines = secret.split(/\r?\n/);
  return [
    secret,
    ...lines.map((line) => line.trim()),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
    base64,
    base64.replace(/=+$/, ''),
  ];
}

function needlesOf(secrets: Iterable<string>): Buffer[] {
  const texts = [...secrets].filter((secret) => secret.length >= shortestSecret).flatMap(spellings);
  return [...new Set(texts)]
    .filter((text) => text.length >= shortestSecret)
    .map((text) => Buffer.from(text))
    .toSorted((a, b) => b.length - a.length);
}

interface Match {
  readonly start: number;
  readonly end: number;
}

/** The first occurrence of any needle; of several at one place the longest, which stands first. */
function firstMatch(needles: readonly Buffer[], data: Buffer, from: number): Match | undefined {
  let best: Match | undefined;
  for (const needle of needles) {
    const start = data.indexOf(needle, from);
    if (start >= 0 && (best === undefined || start < best.start))
      best = { start, end: start + needle.length };
  }
  return best;
}

/** Where the end of `data` may be the beginning of a needle; its length when it is not. */
function openEnd(needles: readonly Buffer[], data: Buffer, from: number): number {
  const longest = needles[0]?.length ?? 1;
  for (let at = Math.max(from, data.length - longest + 1); at < data.length; at++) {
    const rest = data.subarray(at);
    if (needles.some((needle) => needle.length > rest.length && needle.subarray(0, rest.length).equals(rest)))
      return at;
  }
  return data.length;
}

/** One stream of bytes on its way through a masker. */
export interface MaskedStream {
  /** Takes the next bytes and gives back what is safe to show; a possible beginning of a secret is kept back. */
  push(chunk: Uint8Array): Buffer;
  /** Gives back what was kept back. */
  end(): Buffer;
}

/**
 * Replaces secrets by `***`, in texts and in streams of bytes, however the streams are cut into chunks. Secrets
 * are also found line by line and as JSON, URL and base64 print them.
 */
export class SecretMasker {
  readonly #secrets = new Set<string>();
  #needles: readonly Buffer[] = [];

  /** @param secrets values to hide; those under {@link shortestSecret} characters are not looked for */
  constructor(secrets: Iterable<string> = []) {
    this.add(secrets);
  }

  /** Hides more values from now on. */
  add(secrets: Iterable<string>): void {
    for (const secret of secrets) this.#secrets.add(secret);
    this.#needles = needlesOf(this.#secrets);
  }

  /** Whether a text has a secret in it. */
  finds(text: string): boolean {
    return firstMatch(this.#needles, Buffer.from(text), 0) !== undefined;
  }

  /** A text without secrets. */
  text(text: string): string {
    if (this.#needles.length === 0) return text;
    const stream = this.stream();
    return Buffer.concat([stream.push(Buffer.from(text)), stream.end()]).toString();
  }

  /** A stream of its own: what is kept back of one does not mix with another. */
  stream(): MaskedStream {
    let kept: Buffer = Buffer.alloc(0);
    const pass = (data: Buffer, last: boolean): Buffer => {
      const safe: Buffer[] = [];
      let from = 0;
      for (;;) {
        const open = last ? data.length : openEnd(this.#needles, data, from);
        const match = firstMatch(this.#needles, data, from);
        if (match === undefined || open <= match.start) {
          safe.push(data.subarray(from, open));
          kept = Buffer.from(data.subarray(open));
          return Buffer.concat(safe);
        }
        safe.push(data.subarray(from, match.start), mask);
        from = match.end;
      }
    };
    return {
      push: (chunk) => pass(Buffer.concat([kept, chunk]), false),
      end: () => pass(kept, true),
    };
  }
}
