import { readdirSync, readFileSync } from 'node:fs';
import { isErrorWithCode } from '@buildstate/node-runtime';

const windows = process.platform === 'win32';

/**
 * Sends a signal to a command and everything that it started, as far as that stayed in its process group. A
 * group that is gone is no error. Windows has no groups and knows one way to end a process: that is used.
 */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(windows ? leader : -leader, signal);
    return true;
  } catch (error) {
    if (isErrorWithCode(error, 'ESRCH')) return false;
    // macOS answers so for a group of which only unreaped members are left.
    if (isErrorWithCode(error, 'EPERM') && process.platform === 'darwin') return false;
    throw error;
  }
}

/** Whether a command can be given a process group of its own here. */
export const hasProcessGroups = !windows;

/** State and process group of a process: the third and fifth field of proc_pid_stat(5), counted from the name's end. */
function factsOf(pid: string): { readonly state: string; readonly group: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', , group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state, group: Number(group) };
  } catch (error) {
    // Gone meanwhile.
    if (isErrorWithCode(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}

/**
 * Whether any process of a group still runs. Ended ones that nobody has taken notice of, as happens in containers,
 * do not count where the system tells them apart.
 */
export function isGroupAlive(leader: number): boolean {
  if (!signalGroup(leader, 0)) return false;
  if (process.platform !== 'linux') return true;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(factsOf)
    .some((facts) => facts?.group === leader && facts.state !== 'Z' && facts.state !== 'X');
}
