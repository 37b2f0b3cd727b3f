import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningServer, startServer } from '@buildstate/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guidePages } from './pages.ts';

const entry = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'bin', 'bldst.cjs');

let folder: string;
let server: RunningServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bldst-docs-'));
  mkdirSync(join(folder, 'bin'));
  symlinkSync(entry, join(folder, 'bin', 'bldst'));
  server = await startServer({ host: '127.0.0.1', port: 0, dataDir: join(folder, 'data'), dev: true });
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs shell lines as a reader would: a fresh home, an empty folder, `bldst` on the path. */
function runShell(script: string, home: string): Promise<{ code: number | null; output: string }> {
  mkdirSync(home, { recursive: true });
  const path = [join(folder, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = spawn('bash', ['-eu', '-o', 'pipefail', '-c', script], {
    cwd: home,
    env: { PATH: path, HOME: home, LANG: 'C.UTF-8', NODE_COMPILE_CACHE: join(folder, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

describe('the guide', () => {
  it.each(guidePages().map((page) => [page.path, page] as const))(
    'works as written: %s',
    { timeout: 120_000 },
    async (path, { blocks }) => {
      // Each block must succeed; one shell for the page, so that later blocks see what earlier ones set.
      const script = blocks.map((block) => block.replaceAll('http://127.0.0.1:8080', server.url)).join('\n');
      const { code, output } = await runShell(script, join(folder, 'homes', path.replaceAll('/', '-')));
      expect(code, output).toBe(0);
    },
  );
});
