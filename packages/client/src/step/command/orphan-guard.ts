import { spawn } from 'node:child_process';
import { hasProcessGroups } from './process-group.ts';

/** Ends a process group when this process is gone. */
export interface OrphanGuard {
  /** The group has ended by itself: the guard goes too. */
  stand(): void;
}

/**
 * Waits for a word on standard input. When the writer dies instead, even by SIGKILL, the pipe closes, and the
 * group named by the first argument is ended: SIGTERM, five seconds, SIGKILL.
 */
const script = `
read -r word
[ "$word" = done ] && exit 0
kill -s TERM -- "-$1" 2>/dev/null || exit 0
n=0
while [ $n -lt 50 ] && kill -s 0 -- "-$1" 2>/dev/null; do sleep 0.1; n=$((n+1)); done
kill -s KILL -- "-$1" 2>/dev/null
`;

/**
 * Sees to it that a command does not go on alone when the process that records it is killed: whoever takes the
 * build over would run it a second time beside the first. The guard is a small shell in a session of its own, so
 * that a Ctrl-C or a closed terminal does not end it first.
 *
 * @param leader process id of the leader of the group
 */
export function guardAgainstOrphans(leader: number): OrphanGuard {
  if (!hasProcessGroups) return { stand() {} };
  const guard = spawn('/bin/sh', ['-c', script, 'bldst-guard', String(leader)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  // Without a guard the command still runs; what is lost is the clean-up after a SIGKILL.
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  const input = guard.stdin as typeof guard.stdin & { unref?(): void };
  input.unref?.();
  return { stand: () => void guard.stdin.end('done\n') };
}
