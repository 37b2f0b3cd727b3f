import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { errorCode } from '../files/error-code.ts';

/** What names the machine, its present boot and the process-id namespace. Missing where the system is silent. */
export interface MachineFacts {
  readonly machineId?: string;
  readonly bootId?: string;
  readonly pidNamespace?: string;
}

/** The answer of the system, or `undefined` when it has none. */
function ask(question: () => string): string | undefined {
  try {
    return question().trim() || undefined;
  } catch (error) {
    if (errorCode(error) !== undefined || (error instanceof Error && 'status' in error)) return undefined;
    throw error;
  }
}

function command(file: string, ...args: readonly string[]): string {
  return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Addresses of network cards that hardware (or the hypervisor) gave them: clones of an image differ in these. */
function hardwareAddresses(): readonly string[] {
  const root = '/sys/class/net';
  const cards = existsSync(root)
    ? readdirSync(root).filter((card) => existsSync(`${root}/${card}/device`))
    : [];
  return cards.flatMap((card) => ask(() => readFileSync(`${root}/${card}/address`, 'utf8')) ?? []).toSorted();
}

/**
 * An id of the machine that tells clones of one image apart, as far as their network cards do. Hashed, because
 * machine-id(5) asks that the raw value stays on the machine.
 */
function linuxMachineId(): string | undefined {
  const raw =
    ask(() => readFileSync('/etc/machine-id', 'utf8')) ??
    ask(() => readFileSync('/var/lib/dbus/machine-id', 'utf8'));
  return raw === undefined ? undefined : digest([raw, ...hardwareAddresses()].join('\n'));
}

function digest(text: string): string {
  return hash('sha256', `buildstate machine\n${text}`).slice(0, 32);
}

function linux(): MachineFacts {
  return {
    machineId: linuxMachineId(),
    bootId: ask(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    pidNamespace: ask(() => readlinkSync('/proc/self/ns/pid')),
  };
}

function mac(): MachineFacts {
  const hardware = ask(() => command('/usr/sbin/sysctl', '-n', 'kern.uuid'));
  return {
    machineId: hardware === undefined ? undefined : digest(hardware),
    bootId: ask(() => command('/usr/sbin/sysctl', '-n', 'kern.bootsessionuuid')),
    // macOS has one namespace of process ids.
    pidNamespace: 'host',
  };
}

/** Asks the system once per call. */
export function machineFacts(): MachineFacts {
  if (process.platform === 'linux') return linux();
  return process.platform === 'darwin' ? mac() : {};
}
