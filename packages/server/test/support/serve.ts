import { startServer } from '@buildstate/server';

/** A server in a process of its own: `serve.ts <data folder>`. Prints its URL; exits by itself after a signal. */
const server = await startServer({
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
