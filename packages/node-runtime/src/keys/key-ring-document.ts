import { randomBytes } from 'node:crypto';
import { ConfigurationError } from '@buildstate/core/light';
import { weakness } from './weak-secret.ts';

/** One key of a key ring's document. */
export interface KeyEntry {
  /** Its name in signatures and sealed values: letters, digits, `.`, `_`, `-`. */
  readonly id: string;
  /** At least 32 random bytes, base64url. */
  readonly secret: string;
  /** ISO 8601. The newest key that is not retired signs and seals. */
  readonly created_at: string;
  /** ISO 8601. From then on the key neither signs nor verifies. */
  readonly retired_at?: string;
}

/** A key ring as it is stored. */
export interface KeyRingDocument {
  readonly version: 1;
  readonly keys: readonly KeyEntry[];
}

/** A new entry with 256 bits from the system's generator. */
export function newKeyEntry(now: Date): KeyEntry {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '');
  return {
    id: `k${day}-${randomBytes(4).toString('hex')}`,
    secret: randomBytes(32).toString('base64url'),
    created_at: now.toISOString(),
  };
}

/** The text of a document, as it is written to a file. */
export function serialiseKeyRing(document: KeyRingDocument): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

const entryFields = new Set(['id', 'secret', 'created_at', 'retired_at']);

/** What is wrong with an entry. Names fields, never values: a misplaced secret must not end up in a log. */
function entryProblem(entry: unknown, allowWeak: boolean): string | undefined {
  if (!isRecord(entry)) return 'is not an object';
  if (Object.keys(entry).some((field) => !entryFields.has(field))) return 'has an unknown field';
  if (typeof entry.id !== 'string' || !/^[\w.-]{1,64}$/.test(entry.id)) return 'has no usable "id"';
  if (!isTime(entry.created_at)) return 'has no usable "created_at"';
  if (entry.retired_at !== undefined && !isTime(entry.retired_at)) return 'has no usable "retired_at"';
  const secret = entry.secret;
  if (typeof secret !== 'string' || !/^[\w-]*=*$/.test(secret)) return 'has a "secret" that is not base64url';
  if (allowWeak) return secret === '' ? 'has an empty "secret"' : undefined;
  const weak = weakness(secret);
  return weak === undefined ? undefined : `has a "secret" that ${weak}`;
}

function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which holds secrets: neither it nor its cause goes any further.
    return undefined;
  }
}

/**
 * Reads a key ring's text.
 * @param source what the text came from, for the error, such as `Key ring /etc/keys.json`
 * @param allowWeak accept secrets that are short or placeholders, for development only
 * @throws ConfigurationError that names the key's position and never its secret
 */
export function parseKeyRing(text: string, source: string, allowWeak: boolean): KeyRingDocument {
  const value = parseDocument(text);
  if (!isRecord(value) || value.version !== 1 || !Array.isArray(value.keys)) {
    throw new ConfigurationError(
      `${source} is not a key ring: expected JSON such as {"version":1,"keys":[{"id","secret","created_at"}]}.`,
    );
  }
  const keys: readonly unknown[] = value.keys;
  keys.forEach((entry, index) => {
    const problem = entryProblem(entry, allowWeak);
    if (problem !== undefined) {
      throw new ConfigurationError(
        `${source}: key ${index + 1} ${problem}. Make keys with 32 random bytes in base64url.`,
      );
    }
  });
  const entries = keys as readonly KeyEntry[];
  if (new Set(entries.map((entry) => entry.id)).size < entries.length) {
    throw new ConfigurationError(`${source} has two keys with the same "id".`);
  }
  return { version: 1, keys: entries };
}
