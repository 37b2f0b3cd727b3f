import { type SpawnOptions, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The file that npm links as `bldst`. */
export const binary = fileURLToPath(new URL('../../bin/bldst.cjs', import.meta.url));

/** How a process ended. */
export interface ProcessResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end with nothing on its standard input. */
export function runProcess(
  program: string,
  words: readonly string[],
  options: Pick<SpawnOptions, 'env' | 'cwd'> & { readonly stdin?: string },
): Promise<ProcessResult> {
  const { stdin, ...rest } = options;
  const child = spawn(program, words, { ...rest, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined).end(stdin ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Makes a function that runs the real binary, with a home of its own. */
export function binaryIn(home: string, env: Readonly<Record<string, string>> = {}) {
  return (words: readonly string[], more: Readonly<Record<string, string>> = {}, stdin?: string) =>
    runProcess(process.execPath, ['--conditions=@buildstate/source', binary, ...words], {
      cwd: home,
      env: { PATH: process.env.PATH, HOME: home, ...env, ...more },
      stdin,
    });
}

/** Runs lines of bash that call `bldst`. */
export function bashIn(home: string, env: Readonly<Record<string, string>> = {}) {
  const define = `bldst() { "$NODE" --conditions=@buildstate/source "$BLDST" "$@"; }`;
  return (script: string) =>
    runProcess('bash', ['--norc', '-c', `${define}\n${script}`], {
      cwd: home,
      env: {
        PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        HOME: home,
        LC_ALL: 'C.UTF-8',
        NODE: process.execPath,
        BLDST: binary,
        ...env,
      },
    });
}
