import type { CallOptions, ListedObject } from '@buildstate/core';
import { StorageError } from '@buildstate/core/light';
import { inByteOrder } from '../byte-order.ts';
import { isStorageKey } from '../storage-key.ts';
import type { GcsConnection } from './gcs-connection.ts';

/** What the JSON API says of an object. https://cloud.google.com/storage/docs/json_api/v1/objects */
interface Item {
  readonly name?: unknown;
  readonly size?: unknown;
  readonly generation?: unknown;
  readonly updated?: unknown;
}

interface Page {
  readonly items?: readonly Item[];
  readonly nextPageToken?: string;
}

function pageOf(text: string, what: string): Page {
  try {
    return JSON.parse(text) as Page;
  } catch (cause) {
    throw new StorageError(`The ${what} failed: the answer is no JSON.`, { persistence: 'transient', cause });
  }
}

/** Objects below a prefix, page by page. The JSON API lists any name as it is; XML cannot spell them all. */
async function* listPages(
  connection: GcsConnection,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ListedObject> {
  const what = `list of ${connection.nameOf(prefix)}`;
  let pageToken: string | undefined;
  do {
    const query = new URLSearchParams({
      prefix: connection.prefixed(prefix),
      fields: 'nextPageToken,items(name,size,generation,updated)',
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    const target = `/storage/v1/b/${encodeURIComponent(connection.bucket)}/o?${query}`;
    const page = pageOf(await connection.sendForText({ what, method: 'GET', target, signal }), what);
    for (const { name, size, generation, updated } of page.items ?? []) {
      const key = connection.keyOf(String(name));
      if (!isStorageKey(key)) continue;
      yield { key, size: Number(size), version: String(generation), modifiedAt: Date.parse(String(updated)) };
      signal?.throwIfAborted();
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

/** Objects below a prefix. Names that are no keys of ours, such as folder marks, are left out. */
export function listObjects(
  connection: GcsConnection,
  prefix: string,
  { signal }: CallOptions,
): AsyncGenerator<ListedObject> {
  return inByteOrder(listPages(connection, prefix, signal));
}
