import type { CallOptions, ListedObject } from '@buildstate/core';
import { inByteOrder } from '../byte-order.ts';
import { isStaged } from '../staging-key.ts';
import { isStorageKey } from '../storage-key.ts';
import type { AzureConnection } from './azure-connection.ts';
import { infoOf, isWhole } from './azure-object.ts';

/** Blobs asked for in one request; Azure gives at most so many. */
const pageSize = 5000;

/**
 * Objects below a prefix, page by page, in the order in which Azure names them. Names that are no keys of ours, such as folder marks, are left out, and so
 * are uploads in progress.
 */
async function* listPages(
  connection: AzureConnection,
  prefix: string,
  { signal }: CallOptions,
): AsyncGenerator<ListedObject> {
  const what = `list of ${connection.nameOf(prefix)}`;
  let continuationToken: string | undefined;
  do {
    const page = await connection.call(what, signal, async (send) => {
      const pages = connection.container
        .listBlobsFlat({ ...send, prefix: connection.prefixed(prefix), includeCopy: true })
        .byPage({ maxPageSize: pageSize, continuationToken });
      const step = await pages.next();
      return step.done === true ? undefined : step.value;
    });
    for (const { name, properties } of page?.segment.blobItems ?? []) {
      const key = connection.keyOf(name);
      if (!isStorageKey(key) || isStaged(key) || !isWhole(properties.copyStatus)) continue;
      yield infoOf(connection, key, properties.contentLength ?? 0, properties);
      signal?.throwIfAborted();
    }
    continuationToken = page?.continuationToken || undefined;
  } while (continuationToken !== undefined);
}

/** Objects below a prefix. Azure promises an alphabetical order without saying of what. */
export function listObjects(
  connection: AzureConnection,
  prefix: string,
  options: CallOptions,
): AsyncGenerator<ListedObject> {
  return inByteOrder(listPages(connection, prefix, options));
}
