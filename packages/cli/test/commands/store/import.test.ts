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

const document = (more: object = {}) =>
  JSON.stringify({
    buildId: 'old-1',
    status: 'failed',
    currentState: 25,
    stateHistory: [
      { state: 10, timestamp: '2024-03-01T10:00:00Z', status: 'completed' },
      { state: 25, timestamp: '2024-03-01T11:00:00Z', status: 'failed', errorMessage: 'broken' },
    ],
    ...more,
  });

test("another program's builds come in, told by what is in the file, and go on", async () => {
  writeFileSync(join(home, 'state.json'), document());
  const words = ['store', 'import', 'state.json', '--project', 'old', '--to', './old.db'];
  const dry = await cli([...words, '--dry-run']);
  expect(dry.stdout).toMatch(/^Would import 1 project, 1 build, 2 attempts/);
  const { code, stdout, stderr } = await cli(words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Imported 1 project, 1 build, 2 attempts/);
  const env = { BLDST_TRACKER: `sqlite://${home}/old.db` };
  expect((await cli(['build', 'check', 'old:old-1'], { env })).stdout).toContain('RESUME_STATE=25');
  expect((await cli(['store', 'verify', './old.db'])).code).toBe(0);
  expect((await cli(words)).stdout).toMatch(/^Imported nothing\.\nWas there already/);
});

test('what was not as the rules have it is a warning for each', async () => {
  const late = { state: 10, timestamp: '2024-03-02T10:00:00Z', status: 'failed', errorMessage: 'late' };
  const history = [{ state: 100, timestamp: '2024-03-01T10:00:00Z', status: 'completed' }, late];
  const stdin = document({ status: 'completed', currentState: 100, stateHistory: history });
  const { code, stderr } = await cli(['store', 'import', '-', '-p', 'old', '--to', './late.db'], { stdin });
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^Warning: .*state 10 at .* came after the build's end and is kept in its metadata\.\n$/,
  );
});

test('what cannot be understood names the record and the field, and nothing comes in', async () => {
  const stdin = `[${document()}, ${document({ buildId: 'old-2', startTime: 'soon' })}]`;
  const { code, stderr } = await cli(['store', 'import', '-', '-p', 'old', '--to', './wrong.db'], { stdin });
  expect(code).toBe(2);
  expect(stderr).toMatch(/record 2: startTime must be a time/);
  expect((await cli(['store', 'info', './wrong.db', '--json'])).json.counts.builds).toBe(0);
});
