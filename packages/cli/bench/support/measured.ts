import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** What a process took. */
export interface Taken {
  /** Wall time in seconds. */
  readonly seconds: number;
  /** Processor time of it and its children, in seconds. */
  readonly cpuSeconds: number;
  /** Most memory that it had at once, in MiB; looked at every 20 ms. */
  readonly peakMiB: number;
}

/** Clock ticks per second: `sysconf(_SC_CLK_TCK)`, 100 on Linux wherever Node runs. */
const ticksPerSecond = 100;

/** Processor time of all children that have ended: cutime and cstime of proc_pid_stat(5). */
function childrenSeconds(): number {
  const text = readFileSync('/proc/self/stat', 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
}

function peakOf(pid: number): number {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kibibytes ?? 0) / 1024;
  } catch {
    // It has ended.
    return 0;
  }
}

/** Runs a program and measures it. Linux only. @throws Error when it fails, with what it said */
export async function measured(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Taken> {
  const before = childrenSeconds();
  const started = performance.now();
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  let peakMiB = 0;
  const look = setInterval(() => {
    peakMiB = Math.max(peakMiB, peakOf(child.pid ?? 0));
  }, 20);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(look);
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${complaint}`);
  return { seconds, cpuSeconds: childrenSeconds() - before, peakMiB };
}
