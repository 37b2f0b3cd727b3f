import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withLocalStore } from '../../support/local-store.ts';

const { cli, home, store } = await withLocalStore();
await cli(['store', 'export', store, '--to', 'all.ndjson.zst']);
const keyRing = join(home, 'data', 'keyring.json');

test('brings everything in, and the build goes on there', async () => {
  const { code, stdout } = await cli(['store', 'import', 'all.ndjson.zst', '--to', './new.db']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Imported 1 project, 3 builds/);
  const env = { BLDST_TRACKER: `sqlite://${home}/new.db`, BLDST_KEYRING_FILE: keyRing };
  const check = await cli(['build', 'check', 'linux:1'], { env });
  expect(check.stdout).toContain('RESUME_STATE=20');
  expect((await cli(['build', 'retry', 'linux:1'], { env })).code).toBe(0);
});

test('again changes nothing, also from standard input', async () => {
  await cli(['store', 'import', 'all.ndjson.zst', '--to', './again.db']);
  const stdin = (await cli(['store', 'export', './again.db', '--to', '-'])).stdout;
  const { code, stdout } = await cli(['store', 'import', '-', '--to', './again.db'], { stdin });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Imported nothing\.\nWas there already, exactly so: 1 project, 3 builds/);
});

test('a build that went on elsewhere is a conflict, and stays', async () => {
  await cli(['store', 'import', 'all.ndjson.zst', '--to', './moved-on.db']);
  const env = { BLDST_TRACKER: `sqlite://${home}/moved-on.db`, BLDST_KEYRING_FILE: keyRing };
  await cli(['build', 'retry', 'linux:1'], { env });
  const { code, stdout } = await cli(['store', 'import', 'all.ndjson.zst', '--to', './moved-on.db']);
  expect(code).toBe(4);
  expect(stdout).toMatch(/Left out: build linux:1 .* is there, and differs\./);
  expect((await cli(['build', 'get', 'linux:1', '--json'], { env })).json.status).toBe('running');
});

test('a damaged file is an integrity error, and no build comes in', async () => {
  const plain = (await cli(['store', 'export', store, '--to', '-'])).stdout;
  writeFileSync(join(home, 'damaged'), plain.replace('broken', 'mended'));
  const { code, stderr } = await cli(['store', 'import', 'damaged', '--to', './damaged.db']);
  expect(code).toBe(6);
  expect(stderr).toContain('was changed');
  expect((await cli(['store', 'info', './damaged.db', '--json'])).json.counts.builds).toBe(0);
});

test('what is no archive is told so', async () => {
  const { code, stderr } = await cli(['store', 'import', '-', '--to', './none.db'], { stdin: 'a,b\n1,2\n' });
  expect(code).toBe(2);
  expect(stderr).toContain('is not an archive');
  expect((await cli(['store', 'import', 'nowhere', '--to', './none.db'])).code).toBe(3);
});

test('standard input is not left on the disk', async () => {
  const stdin = readFileSync(join(home, 'all.ndjson.zst'), 'latin1').slice(0, 10);
  await cli(['store', 'import', '-', '--to', './none.db'], { stdin });
  expect(existsSync(join(home, 'standard-input'))).toBe(false);
});
