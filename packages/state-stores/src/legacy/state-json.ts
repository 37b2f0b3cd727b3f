import { readFile, stat } from 'node:fs/promises';
import { LimitError, ValidationError } from '@buildstate/core/light';
import { Fields, type RawRecord } from './fields.ts';
import type { LegacyBuild } from './legacy-build.ts';
import { buildOf, entryOf } from './read-record.ts';

/** Largest file, in bytes: it is read as a whole. */
const largest = 100 * 1024 * 1024;

function isObject(value: unknown): value is RawRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ValidationError(`${where} is not JSON: ${reason}.`, { cause });
  }
}

/** What sqlite3 prints with `-json` has the document as a text in a column. */
function unwrapped(value: unknown, where: string): unknown {
  if (!isObject(value) || typeof value.state_json !== 'string') return value;
  return parse(value.state_json, `${where}, state_json,`);
}

function documentOf(value: unknown, where: string): LegacyBuild {
  const record = unwrapped(value, where);
  if (!isObject(record)) throw new ValidationError(`${where} must be an object with a buildId.`);
  const history = new Fields(record, where).list('stateHistory');
  const entries = history.map((entry, index) => entryOf(entry, `${where}, stateHistory.${index}`));
  const { stateHistory: _1, state_history: _2, ...own } = record;
  return buildOf(own, where, entries);
}

/**
 * Builds out of a file with `state.json` documents: one object, an array of them, or what sqlite3 prints with `-json`.
 * @throws LimitError when the file is too large; ValidationError that names the file, the record and the field
 */
export async function readStateJson(path: string): Promise<LegacyBuild[]> {
  const { size } = await stat(path);
  if (size > largest) {
    throw new LimitError(
      `${path} has ${size} bytes; files of more than ${largest} are not read as a whole. Split it.`,
    );
  }
  const bytes = await readFile(path);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ValidationError(`${path} is not a text in UTF-8.`, { cause });
  }
  const content = parse(text, path);
  const documents = Array.isArray(content) ? content : [content];
  return documents.map((document, index) =>
    documentOf(document, Array.isArray(content) ? `${path}, record ${index + 1}` : path),
  );
}
