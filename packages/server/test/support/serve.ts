import { startServer } from '@buildstate/server';

/** A server in a process of its own: `serve.ts <data folder>`, on `BLDST_DATABASE_URL` where it is set. Prints its URL; exits by itself after a signal. */
const { BLDST_DATABASE_URL: store } = process.env;
const server = await startServer({
  ...(store !== undefined && { store }),
  port: 0,
  dev: true,
  dataDir: process.argv[2] ?? '',
  environment: {},
  handleSignals: true,
  log: { level: 'error' },
  onExit: (code) => {
    process.exitCode = code;
  },
});
process.stdout.write(`${server.url}\n`);
