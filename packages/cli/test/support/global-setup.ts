import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of a server that `bldst serve --dev` runs. */
    tracker: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The bundle as the sources are now, so that the real binary is never an older one. */
async function buildBundle(): Promise<void> {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('tsup/package.json');
  const { bin } = JSON.parse(await readFile(manifest, 'utf8')) as { bin: { tsup: string } };
  const tsup = join(dirname(manifest), bin.tsup);
  await mkdir(join(root, 'dist'), { recursive: true });
  const stage = await mkdtemp(join(root, 'dist', 'stage-'));
  try {
    const words = [tsup, '--config', 'tsup.bundle.config.ts', '--out-dir', stage];
    await promisify(execFile)(process.execPath, words, { cwd: root });
    // Renamed into place, because another run of tests may be reading the file.
    await rename(join(stage, 'bldst.cjs'), join(root, 'dist', 'bldst.cjs'));
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

async function announcedUrl(child: ChildProcess): Promise<string> {
  let stdout = '';
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  for await (const text of child.stdout?.setEncoding('utf8') ?? []) {
    stdout += text;
    if (stdout.trimEnd().endsWith('}')) return (JSON.parse(stdout) as { url: string }).url;
  }
  throw new Error(`bldst serve ended before it listened: ${stderr}`);
}

/** Builds the binary and starts one server for all tests of this package. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildBundle();
  const folder = await mkdtemp(join(tmpdir(), 'bldst-cli-server-'));
  const bin = join(root, 'bin', 'bldst.cjs');
  const words = ['serve', '--dev', '--port', '0', '--json', '--log-level', 'warn', '--data-dir', folder];
  const child = spawn(process.execPath, ['--conditions=@buildstate/source', bin, ...words], {
    env: { PATH: process.env.PATH, HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  project.provide('tracker', await announcedUrl(child));
  return async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  };
}
