import { startServer } from '@buildstate/server';

/**
 * A server in a process of its own: `serve.ts <data folder> [port]`, on `BLDST_DATABASE_URL` where it is set. Prints its
 * URL; exits by itself after a signal.
 */
const { BLDST_DATABASE_URL: store } = process.env;
const [dataDir = '', port = '0'] = process.argv.slice(2);
const server = await startServer({
  ...(store !== undefined && { store }),
  port: Number(port),
  dev: true,
  dataDir,
  environment: {},
  handleSignals: true,
  log: { level: 'error' },
  onExit: (code) => {
    process.exitCode = code;
  },
});
process.stdout.write(`${server.url}\n`);
