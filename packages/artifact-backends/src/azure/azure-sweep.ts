import { stagingName } from '../staging-key.ts';
import type { AzureConnection } from './azure-connection.ts';
import { deleteBlob } from './azure-object.ts';

/** Azure throws staged blocks away this long after the last one came, in milliseconds; what is left then is empty. */
const abandonMs = 7 * 24 * 3_600_000;

/** Removes what crashes left among the uploads: blobs older than a week on which nothing is staged any more. */
export async function sweepStaging(
  connection: AzureConnection,
  now: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const what = `list of ${connection.nameOf(stagingName)}`;
  const old = await connection.call(what, signal, async (send) => {
    const names: string[] = [];
    const prefix = connection.prefixed(`${stagingName}/`);
    for await (const { name, properties } of connection.container.listBlobsFlat({ ...send, prefix })) {
      const changed = properties.lastModified.getTime();
      if (now - changed > abandonMs) names.push(connection.keyOf(name));
    }
    return names;
  });
  for (const name of old) {
    const blob = connection.blob(name);
    const { uncommittedBlocks = [] } = await connection.call(what, signal, (send) =>
      blob.getBlockList('uncommitted', send),
    );
    if (uncommittedBlocks.length === 0) await deleteBlob(connection, blob, name, signal);
  }
}
