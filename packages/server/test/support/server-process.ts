import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own. */
export interface ServerProcess {
  /** Where it listens. */
  readonly url: string;
  /** Its process. */
  readonly pid: number;
  /** Sends a signal and waits for the end. */
  end(
    signal: NodeJS.Signals,
  ): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** How a process is started. */
export interface ServerProcessOptions {
  /** Where it listens. @default a free port */
  readonly port?: number;
  /** Whether it is `bldst serve` as it was built, which starts faster, or a server from the sources. @default false */
  readonly built?: boolean;
}

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const fromSources = pathOf('./serve.ts');
const asBuilt = pathOf('../../../cli/bin/bldst.cjs');

function argumentsOf(dataDir: string, { port = 0, built = false }: ServerProcessOptions): string[] {
  if (!built) return ['--conditions=@buildstate/source', fromSources, dataDir, String(port)];
  const options = ['--dev', '--port', String(port), '--data-dir', dataDir, '--log-level', 'error'];
  return [asBuilt, 'serve', ...options];
}

function firstUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = '';
    let errors = '';
    child.stdout?.on('data', (chunk) => {
      out += chunk;
      const url = /(http:\/\/[\w.:]+)\s/.exec(out)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.stderr?.on('data', (chunk) => {
      errors = (errors + chunk).slice(-10_000);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${errors}`)));
  });
}

/** Starts one. @param store where builds are kept. @default SQLite in the folder */
export async function serverProcess(
  dataDir: string,
  store?: string,
  options: ServerProcessOptions = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, argumentsOf(dataDir, options), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, BLDST_DATABASE_URL: store },
  });
  const url = await firstUrl(child);
  return {
    url,
    pid: child.pid ?? 0,
    async end(signal) {
      const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
      child.kill(signal);
      const [code, by] = await exit;
      return { code, signal: by };
    },
  };
}
