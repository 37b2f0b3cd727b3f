import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { succeeded, withServer } from '../../support/server.ts';

const { cli, home, build } = withServer();

async function failed(): Promise<string> {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '30']);
  await cli(['build', 'fail', id, '--state', '35', '--error', 'Connection timed out']);
  return id;
}

test('shows where it goes on and why', async () => {
  const id = await failed();
  await cli(['variable', 'set', id, 'region=us-east-1']);
  await cli(['variable', 'set', id, 'password=@secret', '--literal', '--sensitive']);
  const { code, stdout } = await cli(['build', 'resume-context', id]);
  expect(code).toBe(0);
  expect(stdout).toContain('Resume from state:  35\n');
  expect(stdout).toContain('Can be resumed:     yes\n');
  expect(stdout).toContain('  region=us-east-1\n');
  expect(stdout).toContain('  password\n');
  expect(stdout).not.toContain('@secret');
});

test('gives programs the whole context', async () => {
  const id = await failed();
  const { json } = await cli(['build', 'resume-context', id, '--json']);
  expect(json).toMatchObject({ build_id: id, failed_state: 35, resume_from_state: 35, resumable: true });
});

test('gives scripts variables and the places of artifacts', async () => {
  const id = await failed();
  const artifact = ['--name', 'base-image', '--type', 'ami', '--path', 'ami-1', '--backend', 'aws_ami'];
  await cli(['artifact', 'register', id, '--state', '30', ...artifact, '--resumable']);
  await cli(['variable', 'set', id, 'ami.id=a b']);
  const { stdout } = await cli(['build', 'resume-context', id, '-o', 'env']);
  expect(stdout).toBe(
    [
      `BLDST_BUILD_ID=${id}`,
      'BLDST_STATE=30',
      'BLDST_STATUS=failed',
      'RESUME_STATE=35',
      "BLDST_VAR_AMI_ID='a b'",
      'BLDST_ARTIFACT_BASE_IMAGE=ami-1',
      '',
    ].join('\n'),
  );
});

test('says which of two variables with the same name is left out', async () => {
  const id = await failed();
  await cli(['variable', 'set', id, 'a.b=1', 'a-b=2']);
  const { stdout, stderr } = await cli(['build', 'resume-context', id, '-o', 'env']);
  expect(stdout.match(/BLDST_VAR_A_B=/g)).toHaveLength(1);
  expect(stderr).toMatch(/would be BLDST_VAR_A_B, which another one is already/);
});

test('any value of a variable survives the way through the tracker and eval', async () => {
  const id = await failed();
  const awkward = fc
    .string({ unit: fc.constantFrom(...'\'"\\$`!*?[]{}()<>|&;#~=% \t\n\r\u0001é漢😀ab'), maxLength: 60 })
    // A line break at the end of a file is not part of the value.
    .filter((text) => text !== '' && !text.endsWith('\r'));
  const values = fc.sample(awkward, 40);
  const file = join(home, 'value');
  for (const [index, value] of values.entries()) {
    writeFileSync(file, `${value}\n`);
    succeeded(await cli(['variable', 'set', id, `v${index}=@value`]));
  }
  const { stdout } = succeeded(await cli(['build', 'resume-context', id, '-o', 'env']));
  const print = values.map((_, index) => `printf '%s\\0' "$BLDST_VAR_V${index}"`).join('\n');
  const printed = execFileSync('bash', ['-c', `eval "$SCRIPT"\n${print}`], {
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', SCRIPT: stdout },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect(printed.toString('utf8').split('\0').slice(0, -1)).toEqual(values);
});

test('--verify may stand alone, and says what is missing', async () => {
  const id = await failed();
  const artifact = [
    '--name',
    'gone',
    '--type',
    'archive',
    '--path',
    join(home, 'no-such-file'),
    '--backend',
    'local',
  ];
  await cli(['artifact', 'register', id, '--state', '30', ...artifact]);
  const { code } = await cli(['build', 'resume-context', id, '--verify', '--json']);
  expect(code).toBe(0);
  expect((await cli(['build', 'resume-context', id, '--verify', 'deep', '--json'])).code).toBe(0);
  expect((await cli(['build', 'resume-context', id, '--verify=never'])).code).toBe(2);
});
