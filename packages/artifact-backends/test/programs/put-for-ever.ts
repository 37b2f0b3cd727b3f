/** Replaces an object in the folder in the first argument until it is killed; says so once there is one. */
import { openFsBackend } from '../../src/fs/index.ts';

const backend = await openFsBackend({ root: process.argv[2] ?? '' });
for (let value = 0; ; value = (value + 1) % 256) {
  await backend.put('key', Buffer.alloc(1_000_000, value));
  if (value === 0) process.stdout.write('under way\n');
}
