import type { HolderIdentity } from '@buildstate/core';
import { currentIdentity } from './current-identity.ts';
import { type ProcessFacts, processExists, processFacts } from './process-stat.ts';

/** What is asked about processes, so that tests can answer for the system. */
export interface ProcessTable {
  /** Whether there is a process with this number; `undefined` when the system does not say. */
  readonly exists: (pid: number) => boolean | undefined;
  /** What is known of it. */
  readonly facts: (pid: number) => ProcessFacts | undefined;
}

const system: ProcessTable = { exists: processExists, facts: processFacts };

/** The process-id namespace of a Linux machine itself: PROC_PID_INIT_INO in linux/proc_ns.h. */
const hostNamespaces = new Set(['pid:[4026531836]', 'host']);

function same(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b;
}

/** The same machine has been started anew since. Not asked in containers, which may share a machine's id. */
function rebooted(holder: HolderIdentity, here: HolderIdentity): boolean {
  const sameMachine = same(holder.machineId, here.machineId) && holder.host === here.host;
  const bothOnHost = [holder, here].every((who) => hostNamespaces.has(who.pidNamespace ?? ''));
  const bothBoots = holder.bootId !== undefined && here.bootId !== undefined;
  return sameMachine && bothOnHost && bothBoots && holder.bootId !== here.bootId;
}

function processGone(pid: number, startedAt: string | undefined, table: ProcessTable): boolean {
  if (table.exists(pid) === false) return true;
  const facts = table.facts(pid);
  if (facts === undefined) return false;
  return facts.ended || (startedAt !== undefined && facts.startedAt !== startedAt);
}

/**
 * Whether the process that an identity names is certainly gone: it ran on this machine, in this process-id
 * namespace, and has ended, or the machine has been started anew since. False whenever that is not certain:
 * another machine, another container, a system that does not tell.
 *
 * A boot's id is random, so equal boot ids prove the same machine, whatever its name.
 */
export function holderGone(
  holder: HolderIdentity,
  here: HolderIdentity = currentIdentity(),
  table: ProcessTable = system,
): boolean {
  if (holder.pid === undefined || !Number.isSafeInteger(holder.pid) || holder.pid <= 0) return false;
  if (rebooted(holder, here)) return true;
  if (!same(holder.bootId, here.bootId) || !same(holder.pidNamespace, here.pidNamespace)) return false;
  return processGone(holder.pid, holder.processStartedAt, table);
}
