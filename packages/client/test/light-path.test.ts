import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { faultServer, json } from './support/fault-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** The modules that a short command over HTTP loads, as the URLs that Node resolves. */
async function modulesOf(url: string, transport: string): Promise<string[]> {
  const script = fileURLToPath(new URL('./support/list-modules.ts', import.meta.url));
  const args = ['--conditions=@buildstate/source', script, url, transport, temporaryFolder()];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  return JSON.parse(text);
}

it('a report over node:http loads no schemas, no stores, no transfers and no HTTP library', async () => {
  const server = await faultServer((_request, response) => json(response, 201, { id: 'a', warnings: [] }));
  const modules = await modulesOf(server.url, 'node');
  expect(server.requests).toHaveLength(1);
  expect(modules.length).toBeGreaterThan(30);
  const heavy =
    /node_modules\/(zod|ky|undici|kysely|better-sqlite3|@aws-sdk)|packages\/(transfer|state-stores|artifact-backends|server)\/|^node:https?$/;
  expect(modules.filter((module) => heavy.test(module))).toEqual([]);
});

it('a report over ky loads ky, and still no schemas, stores or transfers', async () => {
  const server = await faultServer((_request, response) => json(response, 201, { id: 'a', warnings: [] }));
  const modules = await modulesOf(server.url, 'ky');
  expect(modules.some((module) => module.includes('node_modules/ky/'))).toBe(true);
  const heavy =
    /node_modules\/(zod|undici|kysely|better-sqlite3|@aws-sdk)|packages\/(transfer|state-stores|artifact-backends|server)\//;
  expect(modules.filter((module) => heavy.test(module))).toEqual([]);
});
