import type { JsonValue } from '../build/build.ts';
import { spellingsOf } from './secret-spellings.ts';

/** What takes a secret's place. */
const mask = '[redacted]';

/** Values shorter than this are not looked for: they would tear texts apart and protect nothing. */
const shortestSecret = 4;

/*
 * Texts come from strangers, so every pattern takes time in proportion to the text: repetitions are bounded, or
 * can begin at one place of a run only.
 */

/**
 * A format, and what every text has in it that the format takes something out of: most texts have none of these, and
 * one look for all of them costs a fraction of trying the formats. Traces are looked for ignoring case.
 */
type Traced<T> = T & { readonly trace: string };

/** Formats of keys and tokens that are known by their look. */
const knownFormats: readonly Traced<{ readonly format: RegExp }>[] = [
  { trace: 'AKIA|ASIA', format: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { trace: 'gh[pousr]_', format: /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/g },
  { trace: 'github_pat_', format: /\bgithub_pat_[A-Za-z0-9_]{22,255}\b/g },
  { trace: 'glpat-', format: /\bglpat-[A-Za-z0-9_-]{20,}/g },
  { trace: 'xox', format: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  { trace: 'AIza', format: /\bAIza[A-Za-z0-9_-]{35}/g },
  { trace: 'sk_', format: /\bsk_(?:live|test)_[A-Za-z0-9]{16,}/g },
  { trace: 'npm_', format: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { trace: 'hv[sb]\\.', format: /\bhv[sb]\.[A-Za-z0-9_-]{24,}/g },
  { trace: 'bldst_', format: /\bbldst_[a-f0-9]{8,64}_[A-Za-z0-9_-]{16,}/g },
  {
    trace: 'eyJ',
    format: /(?<![\w-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  },
  {
    trace: '-----BEGIN',
    format: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
  },
];

const secretNames =
  'aws_?secret_?access_?key|secret_?key|api[_-]?key|client_?secret|(?:access|auth|session)_?token|password|passwd|passphrase';

/** Formats in which only the end is the secret. */
const framed: readonly Traced<{ readonly format: RegExp; readonly replacement: string }>[] = [
  {
    trace: '://',
    format: /\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]{0,256}):[^\s/@]{1,1024}@/gi,
    replacement: `$1:${mask}@`,
  },
  {
    trace: 'authorization',
    format: /\b(authorization\\?["']?\s{0,9}[:=]?\s{0,9}\\?["']?(?:bearer|basic|token)\s{1,9})[^\s"',;]+/gi,
    replacement: `$1${mask}`,
  },
  {
    trace: secretNames,
    format: new RegExp(`((?:${secretNames})\\\\?["']?\\s{0,9}[=:]\\s{0,9}\\\\?["']?)[^\\s"',;&]{4,}`, 'gi'),
    replacement: `$1${mask}`,
  },
];

const traces = new RegExp([...knownFormats, ...framed].map(({ trace }) => trace).join('|'), 'i');

/** A function that takes known secrets and things that look like keys out of a text. */
export type Redactor = (text: string) => string;

/** A redactor for known key formats and the given values, also each line of them and as they are often encoded. */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const parts = secrets.flatMap((secret) => [secret, ...secret.split('\n')].map((part) => part.trim()));
  const values = [...new Set(parts)]
    .filter((value) => value.length >= shortestSecret)
    .flatMap(spellingsOf)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let redacted = text;
    for (const value of values) redacted = redacted.replaceAll(value, mask);
    if (!traces.test(redacted)) return redacted;
    for (const { format } of knownFormats) redacted = redacted.replace(format, mask);
    for (const { format, replacement } of framed) redacted = redacted.replace(format, replacement);
    return redacted;
  };
}

/** Redacts every text in a JSON value, keys and numbers included. */
export function redactJson<T extends JsonValue>(value: T, redact: Redactor): T {
  if (typeof value === 'string') return redact(value) as T;
  if (typeof value === 'number') return redactNumber(value, redact) as T;
  if (Array.isArray(value)) return value.map((item: JsonValue) => redactJson(item, redact)) as unknown as T;
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value as Record<string, JsonValue>).map(
    ([key, member]) => [redact(key), redactJson(member, redact)] as const,
  );
  return Object.fromEntries(members) as T;
}

/** A number that is a secret, such as a PIN, becomes the mask. */
function redactNumber(value: number, redact: Redactor): number | string {
  const text = String(value);
  return text.length >= shortestSecret && redact(text) !== text ? mask : value;
}

/** Fields with the named ones redacted; those that are not there stay away. */
export function redactFields<T extends object>(fields: T, names: readonly (keyof T)[], redact: Redactor): T {
  const redacted = names
    .filter((name) => fields[name] !== undefined)
    .map((name) => [name, redactJson(fields[name] as JsonValue, redact)] as const);
  return { ...fields, ...Object.fromEntries(redacted) };
}
