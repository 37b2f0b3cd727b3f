import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build, project } = withServer();

test('shows what an artifact was made from and what was made from it', async () => {
  await build(['-n', 'base']);
  await build(['-n', 'derived']);
  const register = async (number: string, name: string, parents: readonly string[]) => {
    const words = ['artifact', 'register', `${project}:${number}`, '--name', name, '--type', 'ami'];
    const place = ['--path', `ami-${name}`, '--backend', 'aws_ami', '--state', '10', '-o', 'id'];
    return (await cli([...words, ...place, ...parents.flatMap((id) => ['--parent', id])])).stdout.trim();
  };
  const root = await register('base', 'root', []);
  const middle = await register('derived', 'middle', [root]);
  const leaf = await register('derived', 'leaf', [middle]);
  const words = ['artifact', 'lineage', `${project}:derived`, 'middle'];
  expect((await cli(words)).stdout).toBe(
    [
      `middle  ${project}:derived, state 10`,
      'Made from:',
      `  <- root  ${project}:base, state 10`,
      'From it were made:',
      `  -> leaf  ${project}:derived, state 10`,
      '',
    ].join('\n'),
  );
  expect((await cli([...words, '-o', 'id'])).stdout).toBe(`${root}\n${middle}\n${leaf}\n`);
  const near = await cli(['artifact', 'lineage', `${project}:base`, 'root', '--depth', '1', '--json']);
  expect(near.json).toMatchObject({ truncated: true, ancestors: [] });
});
