import { makeCreation } from '@buildstate/conformance';
import { openSqlite } from '../../../src/sqlite/index.ts';

/**
 * Creates builds one after the other until it is killed. Tells each id on standard output once it is acknowledged.
 * Arguments: URI, name of the project, prefix of the builds' numbers.
 */
const [uri = '', projectName = '', prefix = ''] = process.argv.slice(2);

const store = openSqlite(uri);
await store.open();
const project = await store.loadProject({ name: projectName });
if (project === undefined) throw new Error(`project ${projectName} is not there`);
for (let number = 1; ; number += 1) {
  const change = makeCreation(project, { build: { buildNumber: `${prefix}-${number}` } });
  await store.createBuild(change);
  process.stdout.write(`${change.head.build.id} ${number}\n`);
}
