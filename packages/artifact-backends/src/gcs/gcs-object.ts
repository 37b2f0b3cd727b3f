import type { ObjectInfo, PutOptions } from '@buildstate/core';
import { StorageError, StorageNotFoundError } from '@buildstate/core/light';
import { objectExists, objectNotFound } from '../backend-errors.ts';
import type { GcsConnection } from './gcs-connection.ts';

/** An object with what we noted on it. */
export interface HeadResult {
  readonly info: ObjectInfo;
  /** Which upload made it. */
  readonly token: string | null;
}

/** The header of the note which upload made an object. */
export const tokenHeader = 'x-goog-meta-bldst-upload';

/** The description of an object. Its version is the generation. @throws StorageError when the store sent none */
export function infoOf(connection: GcsConnection, key: string, size: number, headers: Headers): ObjectInfo {
  const version = headers.get('x-goog-generation');
  if (version === null) {
    const name = connection.nameOf(key);
    throw new StorageError(`${name}: the store sent no generation. Is it Google Cloud Storage?`);
  }
  const modified = headers.get('last-modified');
  return { key, size, version, ...(modified === null ? {} : { modifiedAt: Date.parse(modified) }) };
}

/** Size, version and notes of an object, or `undefined` when there is none. */
export async function headObject(
  connection: GcsConnection,
  key: string,
  signal: AbortSignal | undefined,
): Promise<HeadResult | undefined> {
  const name = connection.nameOf(key);
  try {
    const headers = await connection.sendForHeaders({
      what: `stat of ${name}`,
      method: 'HEAD',
      target: connection.target(key),
      signal,
      meanings: { '404': (cause) => objectNotFound(name, cause) },
    });
    const size = Number(headers.get('x-goog-stored-content-length') ?? headers.get('content-length'));
    return { info: infoOf(connection, key, size, headers), token: headers.get(tokenHeader) };
  } catch (error) {
    if (error instanceof StorageNotFoundError) return undefined;
    throw error;
  }
}

/** Stores a small object in one request. @throws StorageExistsError when it must be new and is not */
export async function putObject(
  connection: GcsConnection,
  key: string,
  body: Uint8Array,
  options: PutOptions,
): Promise<ObjectInfo> {
  const name = connection.nameOf(key);
  const headers = await connection.sendForHeaders({
    what: `put of ${name}`,
    method: 'PUT',
    target: connection.target(key),
    headers: {
      ...connection.about(options.contentType),
      ...connection.checksum(body),
      // Generation 0 stands for no object. https://cloud.google.com/storage/docs/request-preconditions
      ...(options.ifAbsent === true ? { 'x-goog-if-generation-match': '0' } : {}),
    },
    body,
    signal: options.signal,
    meanings: { '412': (cause) => objectExists(name, cause) },
  });
  return infoOf(connection, key, body.length, headers);
}

/** Removes an object. One that is not there is no error. */
export async function deleteObject(
  connection: GcsConnection,
  key: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const name = connection.nameOf(key);
  try {
    await connection.sendForHeaders({
      what: `delete of ${name}`,
      method: 'DELETE',
      target: connection.target(key),
      signal,
      meanings: { NoSuchKey: (cause) => objectNotFound(name, cause) },
    });
  } catch (error) {
    if (!(error instanceof StorageNotFoundError)) throw error;
  }
}
