import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a command took. */
export interface Measured {
  /** Wall time in seconds. */
  readonly seconds: number;
  /** Processor time of it and its children, in seconds. */
  readonly cpuSeconds: number;
  /** Largest resident memory of one of its processes, in MiB. */
  readonly peakMiB: number;
}

/**
 * Throws, with what to install, unless every program is there.
 * @param programs names, and the Debian packages that bring them
 */
export function needPrograms(programs: Readonly<Record<string, string>>): void {
  const missing = Object.entries(programs).filter(
    ([name]) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0,
  );
  if (missing.length === 0) return;
  const packages = missing.map(([, name]) => name).join(' ');
  throw new Error(
    `This bench compares with ${missing.map(([name]) => name).join(', ')}: apt-get install ${packages}`,
  );
}

/** Runs a command to its end under GNU time. @throws Error with its output when it fails */
export function measuredRun(words: readonly string[], env: NodeJS.ProcessEnv): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'buildstate-time-'));
  const report = join(folder, 'time');
  try {
    const args = ['-q', '-f', '%e %U %S %M', '-o', report, ...words];
    const { status, stderr } = spawnSync('/usr/bin/time', args, { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`);
    const [wall = 0, user = 0, system = 0, kibibytes = 0] = readFileSync(report, 'utf8')
      .split(' ')
      .map(Number);
    return { seconds: wall, cpuSeconds: user + system, peakMiB: kibibytes / 1024 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
