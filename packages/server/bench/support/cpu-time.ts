import { readdirSync, readFileSync } from 'node:fs';

/** Microseconds of a tick, in which Linux counts CPU time for `/proc`. */
const tick = 10_000;

/** What `/proc` says of a process, from its parent on; nothing when it has ended. */
function statusOf(pid: number | string): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text
      .slice(text.lastIndexOf(')') + 4)
      .split(' ')
      .map(Number);
  } catch {
    return [];
  }
}

const at = { parent: 0, user: 10, system: 11, childrenUser: 12, childrenSystem: 13 } as const;

const ticks = (status: readonly number[], names: readonly (keyof typeof at)[]): number =>
  names.reduce((total, name) => total + (status[at[name]] ?? 0), 0);

/** Microseconds of CPU time of a process and its children, those too that have ended. */
export function cpuOfTree(pid: number): number {
  const own = ticks(statusOf(pid), ['user', 'system', 'childrenUser', 'childrenSystem']);
  const children = readdirSync('/proc')
    .map(statusOf)
    .filter((status) => status[at.parent] === pid)
    .map((status) => ticks(status, ['user', 'system']));
  return tick * children.reduce((total, one) => total + one, own);
}

/** Microseconds of CPU time of this process and of the programs that it ran and that have ended. */
export function cpuOfPrograms(): number {
  return tick * ticks(statusOf(process.pid), ['user', 'system', 'childrenUser', 'childrenSystem']);
}
