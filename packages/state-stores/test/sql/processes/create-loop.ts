import { randomUUID } from 'node:crypto';
import type { BuildChange } from '@buildstate/core';
import { openStateStore } from '../../../src/registry.ts';
import { plainCreation } from './plain-change.ts';

/**
 * Creates builds one after the other until it is killed. Tells each id on standard output once it is acknowledged.
 * Arguments: URI, a creation as JSON, prefix of the builds' numbers.
 */
const [uri = '', template = '', prefix = ''] = process.argv.slice(2);
const creation = JSON.parse(template) as BuildChange;

const store = await openStateStore(uri);
for (let number = 1; ; number += 1) {
  const id = randomUUID();
  await store.createBuild(plainCreation(creation, id, `${prefix}-${number}`));
  process.stdout.write(`${id} ${number}\n`);
}
