import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe } from 'vitest';
import { connect } from '../../src/index.ts';
import { adminKey, type LiveServer, liveServer } from '../support/live-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type ProofSetting, proofCases } from './proof-cases.ts';

let server: LiveServer | undefined;
let setting: ProofSetting;

function fileOf(artifactPath: string): string {
  if (artifactPath.startsWith('file:')) return fileURLToPath(artifactPath);
  return join(server?.dataDir ?? '', 'artifacts', artifactPath.replace('server:///', ''));
}

function flip(artifactPath: string) {
  const bytes = readFileSync(fileOf(artifactPath));
  bytes[35_000] = (bytes[35_000] ?? 0) ^ 1;
  writeFileSync(fileOf(artifactPath), bytes);
}

const doors = {
  'a server that keeps artifacts itself': async (folder: string) => {
    server = await liveServer();
    return connect(server.url, { apiKey: adminKey, env: {}, spoolFolder: join(folder, 'spool') });
  },
  'a server whose workers share a folder': async (folder: string) => {
    server = await liveServer({ artifactBase: pathToFileURL(join(folder, 'shared')).href });
    return connect(server.url, { apiKey: adminKey, env: {}, spoolFolder: join(folder, 'spool') });
  },
  'a local SQLite folder': (folder: string) =>
    connect(`sqlite://${join(folder, 'store')}`, { env: {}, spoolFolder: join(folder, 'spool') }),
  'local files': (folder: string) =>
    connect(`file://${join(folder, 'store')}`, { env: {}, spoolFolder: join(folder, 'spool') }),
};

describe.each(Object.entries(doors))('proof before resume, with %s', (_name, open) => {
  beforeEach(async () => {
    server = undefined;
    setting = {
      client: await open(temporaryFolder()),
      flip: async (path) => flip(path),
      remove: async (path) => rmSync(fileOf(path)),
    };
  });
  afterEach(async () => {
    await setting.client.close();
    await server?.remove();
  });

  proofCases(() => setting);
});
