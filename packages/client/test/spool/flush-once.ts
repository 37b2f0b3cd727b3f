import { connect } from '../../src/index.ts';

/** A process that delivers what waits, and says how much that was. */
const [url = '', spoolFolder = ''] = process.argv.slice(2);
const client = await connect(url, {
  apiKey: 'k',
  env: {},
  flushSpool: false,
  spoolFolder,
  transport: 'node',
});
process.stdout.write(`${JSON.stringify(await client.spool.flush())}\n`);
await client.close();
