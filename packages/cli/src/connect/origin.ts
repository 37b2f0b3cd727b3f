import { resolve } from 'node:path';
import { UsageError } from '../errors/usage-error.ts';

/** The origin of a server's URL, which keys belong to; `undefined` for stores and for what is no URL. */
export function originOf(url: string): string | undefined {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return undefined;
  return new URL(url).origin;
}

/** A URL without the name and password in it, to be shown. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}

/** Schemes of servers and stores. */
const schemes = [
  'http',
  'https',
  'sqlite',
  'file',
  's3',
  'postgres',
  'postgresql',
  'dynamodb',
  'azure-blob',
  'gs',
  'cosmosdb',
];

/** Whether a text is a path to a store rather than a URL. */
function isPath(text: string): boolean {
  return /^(\.{0,2}|~)[\\/]|^[a-z]:[\\/]/i.test(text);
}

/**
 * Checks that a text can be the URL of a tracker, or the path of a store, so that a mistake is found when it is
 * made.
 *
 * @param cwd the folder that a relative path starts from
 * @returns the text; a relative path as an absolute one
 * @throws UsageError that shows what one looks like
 */
export function checkTrackerUrl(text: string, cwd: string): string {
  if (isPath(text)) return text.startsWith('.') ? resolve(cwd, text) : text;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  const examples = 'https://builds.example.com, http://localhost:8080, sqlite:///var/lib/builds';
  if (scheme === undefined || !schemes.includes(scheme)) {
    throw new UsageError(`"${withoutCredentials(text)}" is not the URL of a tracker. Examples: ${examples}.`);
  }
  if (scheme.startsWith('http') && !URL.canParse(text)) {
    throw new UsageError(`"${withoutCredentials(text)}" is not a valid URL. Examples: ${examples}.`);
  }
  return text;
}
