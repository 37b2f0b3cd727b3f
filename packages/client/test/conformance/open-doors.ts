import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenDoor } from '@buildstate/conformance';
import { startServer } from '@buildstate/server';
import { connect } from '../../src/index.ts';

/** A way to open a door with nothing behind it yet. */
type Open = () => Promise<OpenDoor>;

function emptyFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'bldst-doors-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The tracker in this process, over a store in an empty folder. */
function local(address: (folder: string) => string): Open {
  return async () => {
    const folder = emptyFolder();
    const client = await connect(address(folder.path), { env: { HOME: folder.path } });
    return {
      door: client.door,
      async remove() {
        await client.close();
        folder.remove();
      },
    };
  };
}

/** A live server over a store in an empty folder, reached over HTTP with a key that may do everything. */
function overHttp(transport: 'ky' | 'node', store?: string): Open {
  return async () => {
    const folder = emptyFolder();
    const server = await startServer({
      port: 0,
      dataDir: folder.path,
      ...(store !== undefined && { store }),
      log: { level: 'silent' },
      environment: {},
    });
    const options = { apiKey: server.generatedKey, transport, env: { HOME: folder.path } } as const;
    const client = await connect(server.url, options);
    return {
      door: client.door,
      async remove() {
        await client.close();
        await server.close();
        folder.remove();
      },
    };
  };
}

/** Every door and what can stand behind it. The first one is the reference. */
export const doors = {
  memory: local(() => 'memory:'),
  'a SQLite file': local((folder) => `sqlite://${folder}/builds.db`),
  'a SQLite folder': local((folder) => `sqlite://${folder}/builds`),
  files: local((folder) => `file://${folder}/builds`),
  'a server over SQLite': overHttp('ky'),
  'a server over SQLite, by node:http': overHttp('node'),
  'a server over memory': overHttp('ky', 'memory:'),
} satisfies Record<string, Open>;
