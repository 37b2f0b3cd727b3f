import type { ObjectInfo, PutOptions } from '@buildstate/core';
import { StorageError, StorageNotFoundError } from '@buildstate/core/light';
import { objectExists, objectNotFound } from '../backend-errors.ts';
import { bodyChecksum } from './s3-checksum.ts';
import type { S3Connection } from './s3-connection.ts';

/** An object with what we noted on it. */
export interface HeadResult {
  readonly info: ObjectInfo;
  /** Which upload made it, or `undefined` when that was not noted or the store does not tell. */
  readonly uploadToken?: string;
}

/** The name of the note, without S3's `x-amz-meta-`. */
export const tokenField = 'bldst-upload';

/** ETags are compared with their quotes, which some stores leave out. */
export function quoted(etag: string): string {
  return etag.startsWith('"') || etag.startsWith('W/') ? etag : `"${etag}"`;
}

/** What a reply about an object must hold to be of use. */
interface ObjectReply {
  readonly ETag?: string;
  readonly LastModified?: Date;
}

/** The description of an object. @throws StorageError when the store sent no ETag */
export function infoOf(connection: S3Connection, key: string, size: number, reply: ObjectReply): ObjectInfo {
  if (reply.ETag === undefined) {
    throw new StorageError(`${connection.nameOf(key)}: the store sent no ETag. Is it an S3 store?`);
  }
  return { key, size, version: quoted(reply.ETag), modifiedAt: reply.LastModified?.getTime() };
}

/** Size, version and notes of an object, or `undefined` when there is none. */
export async function headObject(
  connection: S3Connection,
  key: string,
  signal: AbortSignal | undefined,
): Promise<HeadResult | undefined> {
  const { sdk, client } = connection;
  const name = connection.nameOf(key);
  const command = new sdk.HeadObjectCommand(connection.object(key));
  try {
    const reply = await connection.call(`stat of ${name}`, signal, (send) => client.send(command, send), {
      '404': (cause) => objectNotFound(name, cause),
    });
    const info = infoOf(connection, key, reply.ContentLength ?? 0, reply);
    return { info, uploadToken: reply.Metadata?.[tokenField] };
  } catch (error) {
    if (error instanceof StorageNotFoundError) return undefined;
    throw error;
  }
}

/** Stores a small object in one request. @throws StorageExistsError when it must be new and is not */
export async function putObject(
  connection: S3Connection,
  key: string,
  body: Uint8Array,
  options: PutOptions,
): Promise<ObjectInfo> {
  const { sdk, client, checksums } = connection;
  const name = connection.nameOf(key);
  const command = new sdk.PutObjectCommand({
    ...connection.object(key),
    ...bodyChecksum(checksums, body),
    ...connection.keeping,
    Body: body,
    ContentLength: body.length,
    ...(options.contentType === undefined ? {} : { ContentType: options.contentType }),
    ...(options.ifAbsent === true ? { IfNoneMatch: '*' } : {}),
  });
  const reply = await connection.call(
    `put of ${name}`,
    options.signal,
    (send) => client.send(command, send),
    {
      PreconditionFailed: (cause) => objectExists(name, cause),
      '412': (cause) => objectExists(name, cause),
    },
  );
  return infoOf(connection, key, body.length, reply);
}

/** Removes an object. */
export async function deleteObject(
  connection: S3Connection,
  key: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { sdk, client } = connection;
  const command = new sdk.DeleteObjectCommand(connection.object(key));
  await connection.call(`delete of ${connection.nameOf(key)}`, signal, (send) => client.send(command, send));
}
