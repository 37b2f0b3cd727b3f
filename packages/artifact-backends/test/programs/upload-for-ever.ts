/** Uploads parts to the folder in the first argument until it is killed; says so once it is under way. */

import { createNodeCrypto, loadKeyRing } from '@buildstate/node-runtime';
import { uploadFile } from '@buildstate/transfer';
import { openFsBackend } from '../../src/fs/index.ts';

const backend = await openFsBackend({ root: process.argv[2] ?? '' });
const crypto = createNodeCrypto(await loadKeyRing());

async function* stream(): AsyncGenerator<Uint8Array> {
  for (let count = 0; ; count += 1) {
    // Slow enough not to fill the disk of who runs this.
    await new Promise((resolve) => setTimeout(resolve, 1));
    yield new Uint8Array(100_000);
    if (count === 30) process.stdout.write('under way\n');
  }
}

await uploadFile({ backend, key: 'folder/key', source: { stream: stream() }, crypto, partBytes: 1_000_000 });
