import { registerHooks } from 'node:module';

/** Makes one report over HTTP and prints every module that was loaded for it. */
const [url = '', transport = '', spoolFolder = ''] = process.argv.slice(2);
const loaded = new Set<string>();
registerHooks({
  load(module, context, next) {
    loaded.add(module);
    return next(module, context);
  },
});
const { connect } = await import('../../src/index.ts');
const kind = transport === 'node' ? 'node' : 'ky';
await using client = await connect(url, { apiKey: 'k', env: {}, transport: kind, spoolFolder });
await client.report('b', { state: 10 }, { spool: true });
process.stdout.write(JSON.stringify([...loaded]));
