import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { errorCode } from '../files/error-code.ts';

/** What the system tells of a process. */
export interface ProcessFacts {
  /** When it started, in the system's own units; together with the pid it names one process for ever. */
  readonly startedAt: string;
  /** Whether it has ended and only waits for its parent to take notice. */
  readonly ended: boolean;
}

/**
 * Reads the text of `/proc/<pid>/stat`: proc_pid_stat(5). The second field, the command's name in parentheses,
 * may itself hold blanks and parentheses, so fields are counted from the last one.
 */
export function parseProcessStat(text: string): ProcessFacts | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startedAt = fields[19];
  if (state === undefined || startedAt === undefined || !/^\d+$/.test(startedAt)) return undefined;
  return { startedAt, ended: state === 'Z' || state === 'X' };
}

function fromProc(pid: number): ProcessFacts | undefined {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    // Gone meanwhile, or hidden from this user: either way nothing is known.
    if (errorCode(error) !== undefined) return undefined;
    throw error;
  }
}

function fromPs(pid: number): ProcessFacts | undefined {
  try {
    const line = execFileSync('/bin/ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const [state = '', ...started] = line.split(/\s+/);
    return started.length === 0 ? undefined : { startedAt: started.join(' '), ended: state.startsWith('Z') };
  } catch (error) {
    // `ps` ends with 1 when there is no such process; both that and a missing `ps` mean: not known.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** What the system tells of a process, or `undefined` when it does not. */
export function processFacts(pid: number): ProcessFacts | undefined {
  if (process.platform === 'linux') return fromProc(pid);
  return process.platform === 'darwin' ? fromPs(pid) : undefined;
}

/** Whether a process with this number exists: `true`, `false`, or `undefined` when the system does not say. */
export function processExists(pid: number): boolean | undefined {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
    // It exists and belongs to somebody else.
    return errorCode(error) === 'EPERM' ? true : undefined;
  }
}
