import { expect, inject, test } from 'vitest';
import { bashIn } from '../support/binary.ts';
import { withServer } from '../support/server.ts';

const { cli, build, home } = withServer();
const bash = bashIn(home, { BLDST_TRACKER: inject('tracker'), BLDST_API_KEY: 'admin-key-99999' });

/** Would run a command, end a quotation or start a line where something is not quoted. */
const hostile = `s3://b/'; touch ran #"$(touch ran)\`touch ran\`\\\n$HOME * ~é`;

async function hostileBuild(): Promise<string> {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '10']);
  const register = ['--state', '10', '--type', 'ami', '--backend', 'x', '--path', hostile.replace('\n', '')];
  await cli(['artifact', 'register', id, '--name', "it's; touch ran", ...register]);
  await cli(['variable', 'set', id, '--literal', `some.key=${hostile}`]);
  return id;
}

test.each([
  [['artifact', 'list'], 'BLDST_ARTIFACT_IT_S__TOUCH_RAN', hostile.replace('\n', '')],
  [['artifact', 'list-resumable'], 'BLDST_ARTIFACT_IT_S__TOUCH_RAN', hostile.replace('\n', '')],
  [['variable', 'list'], 'BLDST_VAR_SOME_KEY', hostile],
  [['build', 'resume-context'], 'BLDST_VAR_SOME_KEY', hostile],
  [['build', 'resume-context'], 'BLDST_ARTIFACT_IT_S__TOUCH_RAN', hostile.replace('\n', '')],
])('eval of %j gives %s exactly, and runs nothing', async (words, name, value) => {
  const id = await hostileBuild();
  const { code, stdout, stderr } = await bash(
    `set -eu; text=$(bldst ${words.join(' ')} ${id} -o env); eval "$text"; printf '%s' "$${name}"; test ! -e ran`,
  );
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(value);
});

test('one artifact, a job and a resume request name their build', async () => {
  const id = await hostileBuild();
  const one = await cli(['artifact', 'get', id, "it's; touch ran", '-o', 'env']);
  expect(one.stdout).toMatch(new RegExp(`^BLDST_BUILD_ID=${id}\nBLDST_ARTIFACT_`));
  const job = await cli(['job', 'link', id, '--platform', 'jenkins', '-o', 'env']);
  expect(job.stdout).toBe(`BLDST_BUILD_ID=${id}\n`);
});

test('a step says where its build goes on', async () => {
  const id = await build();
  const failed = await cli(['step', id, '--state', '10', '-o', 'env', '--', 'false']);
  expect(failed.stdout).toBe(`BLDST_BUILD_ID=${id}\nBLDST_STATE=10\nBLDST_STATUS=failed\nRESUME_STATE=10\n`);
  const completed = await cli(['step', id, '--state', '10', '-o', 'env', '--', 'true']);
  expect(completed.stdout).toBe(
    `BLDST_BUILD_ID=${id}\nBLDST_STATE=10\nBLDST_STATUS=completed\nRESUME_STATE=''\n`,
  );
});

test('where there are no variables, that is said, with the forms that there are', async () => {
  const { code, stderr } = await cli(['project', 'list', '-o', 'env']);
  expect(code).toBe(2);
  expect(stderr).toContain('It has table, json, yaml and id.');
});
