import type { JsonValue } from '../build/build.ts';

/** What takes a secret's place. */
const mask = '[redacted]';

/** Values shorter than this are not looked for: they would tear texts apart and protect nothing. */
const shortestSecret = 4;

/** Formats of keys and tokens that are known by their look. */
const knownFormats: readonly RegExp[] = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/g,
  /\bgithub_pat_[A-Za-z0-9_]{22,255}\b/g,
  /\bglpat-[A-Za-z0-9_-]{20,}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\bAIza[A-Za-z0-9_-]{35}/g,
  /\bsk_(?:live|test)_[A-Za-z0-9]{16,}/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
  /\bhv[sb]\.[A-Za-z0-9_-]{24,}/g,
  /\bbldst_[a-f0-9]{8,}_[A-Za-z0-9_-]{16,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** Formats in which only the middle is the secret. */
const framed: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s/:@]+):[^\s/@]+@/gi, `$1:${mask}@`],
  [/\b(authorization:?\s+(?:bearer|basic|token)\s+)[^\s"']+/gi, `$1${mask}`],
  [
    /\b((?:aws_?secret_?access_?key|secret_?key|api_?key|password|passwd|passphrase)["']?\s*[=:]\s*["']?)[^\s"',;&]{4,}/gi,
    `$1${mask}`,
  ],
];

/** A function that takes known secrets and things that look like keys out of a text. */
export type Redactor = (text: string) => string;

/** A redactor for known key formats and the given values. */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const values = [...new Set(secrets.flatMap((secret) => [secret, ...secret.split('\n')]))]
    .filter((value) => value.trim().length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let redacted = text;
    for (const value of values) redacted = redacted.replaceAll(value, mask);
    for (const format of knownFormats) redacted = redacted.replace(format, mask);
    for (const [format, replacement] of framed) redacted = redacted.replace(format, replacement);
    return redacted;
  };
}

/** Redacts every text in a JSON value, keys included. */
export function redactJson<T extends JsonValue>(value: T, redact: Redactor): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map((item: JsonValue) => redactJson(item, redact)) as unknown as T;
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value as Record<string, JsonValue>).map(
    ([key, member]) => [redact(key), redactJson(member, redact)] as const,
  );
  return Object.fromEntries(members) as T;
}
