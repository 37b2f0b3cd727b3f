import type { CallOptions, ListedObject } from '@buildstate/core';
import { isStorageKey } from '../storage-key.ts';
import type { S3Connection } from './s3-connection.ts';
import { infoOf } from './s3-object.ts';

/** Objects below a prefix, page by page. Names that are no keys of ours, such as folder marks, are left out. */
export async function* listObjects(
  connection: S3Connection,
  prefix: string,
  { signal }: CallOptions,
): AsyncGenerator<ListedObject> {
  const { sdk, client, bucket } = connection;
  let token: string | undefined;
  do {
    const command = new sdk.ListObjectsV2Command({
      Bucket: bucket,
      Prefix: connection.prefixed(prefix),
      ContinuationToken: token,
    });
    const what = `list of ${connection.nameOf(prefix)}`;
    const page = await connection.call(what, signal, (send) => client.send(command, send));
    for (const object of page.Contents ?? []) {
      const key = connection.keyOf(object.Key ?? '');
      if (isStorageKey(key)) yield infoOf(connection, key, object.Size ?? 0, object);
      signal?.throwIfAborted();
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}
