import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';

/** A running Azurite, Microsoft's emulator of Azure Blob Storage; whoever started it stops it. */
export interface Azurite {
  /** The blob service of its one account, for example `http://127.0.0.1:34567/devstoreaccount1`. */
  readonly endpoint: string;
  /** The account's name and key are the same in every Azurite, and published in its documentation. */
  readonly account: string;
  readonly accountKey: string;
  /** Ends it; its blobs are gone. */
  stop(): Promise<void>;
}

const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Makes the program end with the one that started it, however that one ends. */
const endWithParent = 'data:text/javascript,process.stdin.resume().on("close",()=>process.exit())';

/** The address that it prints once it listens. @throws Error with what it printed when it ends before */
async function addressOf(child: ChildProcess): Promise<string> {
  const printed: string[] = [];
  if (child.stdout === null) throw new Error('Azurite was started without an output.');
  for await (const line of createInterface(child.stdout)) {
    printed.push(line);
    const address = /listens on (http:\S+)/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(`Azurite did not start:\n${printed.join('\n')}`);
}

/** Starts Azurite with an empty store in memory on a free loopback port; takes about a second. */
export async function startAzurite(): Promise<Azurite> {
  const program = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js');
  const options = ['--inMemoryPersistence', '--disableTelemetry', '--skipApiVersionCheck', '--silent'];
  const child = spawn(process.execPath, ['--import', endWithParent, program, ...options, '--blobPort', '0'], {
    cwd: tmpdir(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const address = await addressOf(child);
  // Nobody reads on: a full pipe would stop it.
  child.stdout?.resume();
  return {
    endpoint: `${address}/${account}`,
    account,
    accountKey,
    async stop() {
      const ended = once(child, 'exit');
      // Asked politely it waits for connections that clients keep for later, and it has nothing to save.
      child.kill('SIGKILL');
      await ended;
    },
  };
}
