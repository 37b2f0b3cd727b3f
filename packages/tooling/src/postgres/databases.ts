import { Client } from 'pg';
import { type PostgresServer, startPostgres } from './start.ts';

/** A database of one's own on a shared server. */
export interface TestDatabase {
  /** Its name. */
  readonly name: string;
  /** The user, who owns it and may do everything. */
  readonly user: string;
  /** The user's password, which must never be seen. */
  readonly password: string;
  /** Where it is, with user and password. */
  readonly url: string;
}

interface Started {
  readonly server: PostgresServer;
  readonly client: Client;
}

async function connected(server: PostgresServer): Promise<Started> {
  const { host, port, user, password } = server;
  const client = new Client({ host, port, user, password, database: 'postgres' });
  // A server that is ended takes the connection along.
  client.on('error', () => undefined);
  await client.connect();
  return { server, client };
}

/** Databases on a server that starts with the first of them. */
export class Databases {
  #started: Promise<Started> | undefined;
  #made = 0;

  /** Makes an empty database. */
  async create(): Promise<TestDatabase> {
    this.#started ??= startPostgres().then(connected);
    const { server, client } = await this.#started;
    this.#made += 1;
    const name = `test_${this.#made}`;
    await client.query(`create database ${name}`);
    const { host, port, user, password } = server;
    return { name, user, password, url: `postgres://${user}:${password}@${host}:${port}/${name}` };
  }

  /** Removes a database, whoever is still connected. */
  async drop(name: string): Promise<void> {
    if (!/^test_\d+$/.test(name)) throw new Error(`${name} is no database of a test.`);
    const { client } = (await this.#started) ?? {};
    await client?.query(`drop database if exists ${name} with (force)`);
  }

  /** Ends the server in the way of a power failure and starts it again, with all of its databases. */
  async restart(): Promise<void> {
    const { server } = (await this.#started) ?? {};
    if (server === undefined) return;
    await server.restart({ immediately: true });
    this.#started = connected(server);
  }

  /** Stops the server. */
  async close(): Promise<void> {
    // A failed start has been answered to the test that asked, and has nothing to stop.
    const started = await this.#started?.catch(() => undefined);
    await started?.client.end();
    await started?.server.stop();
  }
}
