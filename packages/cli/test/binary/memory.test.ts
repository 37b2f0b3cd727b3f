import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { binary } from '../support/binary.ts';
import { temporaryFolder } from '../support/cli.ts';

/** Resident memory of a process in MiB. */
function residentMemory(pid: number): number {
  const [, kib = ''] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

test.runIf(process.platform === 'linux')(
  'an idle server takes less than 120 MiB',
  async () => {
    const args = ['serve', '--port', '0', '--dev', '--data-dir', temporaryFolder(), '--log-level', 'error'];
    const server = spawn(process.execPath, [binary, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      let told = '';
      for await (const chunk of server.stdout) {
        told += chunk;
        if (told.includes('http://')) break;
      }
      expect(residentMemory(server.pid ?? 0)).toBeLessThan(120);
    } finally {
      server.kill('SIGKILL');
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
    }
  },
  60_000,
);
