import { join } from 'node:path';
import { describeDoor } from '@buildstate/conformance';
import { fetchDoor } from '../support/fetch-door.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { devKeys, TestServer } from '../support/test-server.ts';

for (const kind of ['memory', 'SQLite'] as const) {
  describeDoor(`a server on ${kind}`, async () => {
    const folder = await temporaryFolder();
    const store = kind === 'memory' ? 'memory:' : `sqlite://${join(folder.path, 'builds.db')}`;
    const server = await TestServer.start({ store });
    return {
      door: fetchDoor(server.url, devKeys.admin),
      async remove() {
        await server.remove();
        await folder.remove();
      },
    };
  });
}
