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
