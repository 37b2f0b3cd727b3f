import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeDoor, type OpenDoor } from '@buildstate/conformance';
import { connect } from '../src/index.ts';
import { adminKey, liveServer } from './support/live-server.ts';

async function serverDoor(transport: 'ky' | 'node'): Promise<OpenDoor> {
  const server = await liveServer({ store: 'memory:' });
  const client = await connect(server.url, { apiKey: adminKey, transport, env: {}, flushSpool: false });
  return {
    door: client.door,
    async remove() {
      await client.close();
      await server.remove();
    },
  };
}

async function localDoor(scheme: 'sqlite' | 'file'): Promise<OpenDoor> {
  const folder = await mkdtemp(join(tmpdir(), 'bldst-door-'));
  const client = await connect(`${scheme}://${folder}/store`, { env: {}, flushSpool: false });
  return {
    door: client.door,
    async remove() {
      await client.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describeDoor('a client over HTTP with ky', () => serverDoor('ky'));
describeDoor('a client over HTTP with node:http', () => serverDoor('node'));
describeDoor('a client over a SQLite folder', () => localDoor('sqlite'));
describeDoor('a client over a folder of documents', () => localDoor('file'));
