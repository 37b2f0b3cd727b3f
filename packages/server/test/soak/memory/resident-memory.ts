import { readFileSync } from 'node:fs';

/** Resident memory of a process in MiB, as Linux tells it. */
export function residentMemory(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kib === undefined) throw new Error(`process ${pid} does not tell its resident memory`);
  return Number(kib) / 1024;
}

/** How much values grow from one to the next, by the line that fits them best. */
export function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [both, own] = [0, 0];
  for (const [index, value] of values.entries()) {
    both += (index - middle) * (value - mean);
    own += (index - middle) ** 2;
  }
  return own === 0 ? 0 : both / own;
}
