import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bashIn } from '../support/binary.ts';
import { temporaryFolder } from '../support/cli.ts';

const mebibyte = 1024 * 1024;
const build = {
  id: 'b',
  status: 'failed',
  current_state: 30,
  lease: null,
  open_attempt: null,
  last_failure: null,
  branches: [],
  blocked_by: [],
  metadata: { text: 'x'.repeat(mebibyte) },
  last: 'end',
};

/** What a server answers whose builds are larger than any that ours would take. */
function answerTo(path: string): unknown {
  if (path.startsWith('/builds/b/resume-context')) return { build_id: 'b', resume_from_state: 35 };
  return path.startsWith('/builds/') ? build : [build];
}

let server: Server;
let bash: ReturnType<typeof bashIn>;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answerTo(request.url ?? '')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  bash = bashIn(temporaryFolder(), { BLDST_TRACKER: url });
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Reads all of it, slowly at first, and says how much it was. */
const slowReader =
  '(sleep 1; node -e \'let n="";process.stdin.on("data",(d)=>{n+=d}).on("end",()=>{const j=JSON.parse(n);console.log(n.length,j.metadata.text.length,j.last)})\')';

test('1 MiB of JSON of a command that fails goes through a pipe whole', async () => {
  const { stdout, stderr } = await bash(
    `bldst build check b --json | cat | ${slowReader}; echo "codes \${PIPESTATUS[*]}"`,
  );
  const [length, text, last, , code] = stdout.split(/\s/);
  expect(stderr).toBe('');
  expect(Number(length)).toBeGreaterThan(mebibyte);
  expect(text).toBe(String(mebibyte));
  expect(last).toBe('end');
  expect(code).toBe('1');
});

test('a slow reader gets all of it', async () => {
  const { stdout } = await bash(`bldst build get b --json | ${slowReader}; echo "codes \${PIPESTATUS[*]}"`);
  expect(stdout).toMatch(/ 1048576 end\ncodes 0 0\n$/);
});

test('a reader that has seen enough is no error', async () => {
  const { stdout, stderr } = await bash(
    `bldst build list --json | head -c 1; echo; echo "codes \${PIPESTATUS[*]}"`,
  );
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^\[\ncodes/);
  const { stdout: codes, stderr: silence } = await bash(
    'set -o pipefail; bldst build get b --json | head -c 1 > /dev/null; echo "code $?"',
  );
  expect(codes).toBe('code 0\n');
  expect(silence).toBe('');
});

test('a reader that was never there is no error', async () => {
  const { stdout, stderr } = await bash('bldst build get b --json >&-; echo "code $?"');
  expect([stdout, stderr]).toEqual(['code 0\n', '']);
});

test.each(['--version', '-v', 'version', '--help'])('a full disk is one for %s, too', async (word) => {
  const { stdout, stderr } = await bash(`bldst ${word} > /dev/full; echo "code $?"`);
  expect(stdout).toBe('code 8\n');
  expect(stderr).toBe('Error: standard output: no space left\n');
});

test('the version goes to a reader that is gone without a word', async () => {
  const { stdout, stderr } = await bash('bldst --version | true; bldst --version >&-; echo "code $?"');
  expect([stdout, stderr]).toEqual(['code 0\n', '']);
});

test.each(['json', 'table'])('a full disk is one, in one line, with -o %s', async (format) => {
  const { stdout, stderr } = await bash(`bldst build get b -o ${format} > /dev/full; echo "code $?"`);
  expect(stdout).toBe('code 8\n');
  expect(stderr).toBe('Error: standard output: no space left\n');
});
