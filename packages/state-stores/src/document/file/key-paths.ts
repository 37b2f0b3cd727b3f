import { join } from 'node:path';
import { StoreError } from '@buildstate/core/light';

/**
 * Ends the name of a folder that is a document. Keys have no dots, so that such a folder never has the name of
 * one that groups others, nor of the driver's own (`.temp`, `.trash`).
 */
const documentSuffix = '.d';

/** Capitals become `=` and the small letter: some file systems take both for one. */
function withoutCapitals(part: string): string {
  return part.replaceAll(/[A-Z]/g, (letter) => `=${letter.toLowerCase()}`);
}

function withCapitals(name: string): string {
  return name.replaceAll(/=([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const wellFormed = /^[A-Za-z0-9_~-]+(?:\/[A-Za-z0-9_~-]+)*$/;

/**
 * The folder of a document.
 * @throws StoreError when the key is none, so that no key ever leads out of the root
 */
export function documentFolder(root: string, key: string): string {
  if (!wellFormed.test(key)) throw new StoreError(`"${key}" is no key of a document.`);
  return `${join(root, ...key.split('/').map(withoutCapitals))}${documentSuffix}`;
}

/** The folder that groups the keys which begin with these parts. */
export function groupFolder(root: string, parts: readonly string[]): string {
  return join(root, ...parts.map(withoutCapitals));
}

/** What an entry of a group's folder is: a document or a further group, with its part of the key. */
export function entryOf(name: string): { readonly part: string; readonly document: boolean } | undefined {
  if (name.startsWith('.')) return undefined;
  const document = name.endsWith(documentSuffix);
  return { part: withCapitals(document ? name.slice(0, -documentSuffix.length) : name), document };
}
