import { startPostgres } from '@buildstate/tooling/postgres';

/** Does something with a new PostgreSQL that writes as surely as a production one, and removes it afterwards. */
export async function withPostgres(use: (url: string) => Promise<void>): Promise<void> {
  const settings = { shared_buffers: '256MB', max_wal_size: '4GB' };
  const server = await startPostgres({ durable: true, settings });
  try {
    const { host, port, user, password } = server;
    await use(`postgres://${user}:${password}@${host}:${port}/postgres`);
  } finally {
    await server.stop();
  }
}
