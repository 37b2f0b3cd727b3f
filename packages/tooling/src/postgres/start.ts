import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { postgresPrograms } from './availability.ts';

/** Where a running PostgreSQL is, and who may do everything there. */
export interface PostgresAccess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** A PostgreSQL server of one's own; whoever started it stops it. */
export interface PostgresServer extends PostgresAccess {
  /** Folder of its programs, `pgbench` and `pg_dump` among them. */
  readonly programs: string;
  /** Ends it, in the way of a power failure when `immediately`, and starts it again on the same data and port. */
  restart(how?: { readonly immediately?: boolean }): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** How a server is started. */
export interface PostgresOptions {
  /** Settings beyond those of tests, as in `postgresql.conf`. @default {} */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether commits reach the disk, as benchmarks need. @default false */
  readonly durable?: boolean;
}

/** Whom the server runs as: it refuses to run as root. */
interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** Unusual on purpose: what is stored and listed must not depend on it. */
const settingsOfTests = {
  timezone: 'Asia/Kathmandu',
  datestyle: 'SQL, DMY',
  intervalstyle: 'iso_8601',
  max_connections: '200',
  shared_buffers: '64MB',
};

const numberOf = (flag: string, user: string): number =>
  Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));

function findOwner(): Owner {
  if (process.getuid?.() !== 0) return {};
  const user = ['postgres', 'nobody'].find((name) => {
    try {
      return numberOf('-u', name) > 0;
    } catch {
      return false;
    }
  });
  if (user === undefined)
    throw new Error('PostgreSQL needs a user besides root: there is neither postgres nor nobody.');
  return { uid: numberOf('-u', user), gid: numberOf('-g', user) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/**
 * The server under a shell that ends it on a word on its standard input, and when that closes without a word: then this
 * process is gone, and the data goes too. So no server outlives its tests.
 */
const keeper = `
  folder=$1; shift; exec 3<&0
  "$@" </dev/null & server=$!
  ( read -r how <&3
    case $how in soon) kill -INT $server;; *) kill -QUIT $server;; esac
    if [ -z "$how" ]; then while kill -0 $server; do sleep 0.1; done; rm -rf "$folder"; fi ) 2>/dev/null & reader=$!
  wait $server; code=$?; kill $reader 2>/dev/null; exit $code`;

interface Running {
  /** Ends the server and waits for its end. */
  end(immediately: boolean): Promise<void>;
}

function run(folder: string, command: readonly string[], owner: Owner): Promise<Running> {
  const child = spawn('/bin/sh', ['-c', keeper, 'keeper', folder, ...command], {
    ...owner,
    stdio: ['pipe', 'ignore', 'pipe'],
    cwd: '/',
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async (immediately: boolean): Promise<void> => {
    child.stdin.end(immediately ? 'immediately\n' : 'soon\n');
    await ended;
  };
  return new Promise((resolve, reject) => {
    const log: string[] = [];
    child.once('error', reject);
    child.stdin.on('error', () => undefined);
    createInterface(child.stderr).on('line', (line) => {
      log.push(line);
      if (log.length > 30) log.shift();
      if (line.includes('database system is ready to accept connections')) resolve({ end });
    });
    void ended.then(() => reject(new Error(`PostgreSQL ended:\n${log.join('\n')}`)));
  });
}

/**
 * Starts an empty PostgreSQL on a free loopback port, with passwords required; takes about a second. It also stops when
 * this process ends without having stopped it.
 *
 * @throws {Error} when PostgreSQL is not installed or does not come up; the message holds the end of its log
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error('PostgreSQL is not installed.');
  const owner = findOwner();
  const folder = mkdtempSync(join(tmpdir(), 'buildstate-postgres-'));
  const [user, password] = ['tester', `pw-${randomBytes(12).toString('hex')}`];
  const own = (path: string): void => {
    if (owner.uid !== undefined && owner.gid !== undefined) chownSync(path, owner.uid, owner.gid);
  };
  own(folder);
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  own(passwordFile);
  const data = join(folder, 'data');
  // Texts sort by a language's rules unless a column says otherwise, as in most databases out there.
  const locale = ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'];
  const access = ['--username', user, '--pwfile', passwordFile, '--auth=scram-sha-256'];
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '--encoding=UTF8', ...locale, ...access, '--no-sync', '--no-instructions'],
    { ...owner, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const port = await freePort();
  const settings = {
    ...settingsOfTests,
    ...(options.durable !== true && { fsync: 'off', full_page_writes: 'off' }),
    ...options.settings,
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    logging_collector: 'off',
  };
  const args = [
    '-D',
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const start = () => run(folder, [join(programs, 'postgres'), ...args], owner);
  let running = await start();
  return {
    host: '127.0.0.1',
    port,
    user,
    password,
    programs,
    async restart({ immediately = false } = {}) {
      await running.end(immediately);
      running = await start();
    },
    async stop() {
      await running.end(false);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
