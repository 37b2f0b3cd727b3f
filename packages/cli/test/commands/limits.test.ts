import { expect, test } from 'vitest';
import { withServer } from '../support/server.ts';

const { cli, build } = withServer();

async function full(): Promise<string> {
  const id = await build();
  for (const number of ['1', '2']) {
    await cli(['build', 'add-state', id, '--state', `${number}0`]);
    await cli(['variable', 'set', id, `key${number}=x`]);
    await cli(['job', 'link', id, '--platform', 'gitlab', '--job', number]);
    const place = ['--path', `x-${number}`, '--backend', 'elsewhere', '--type', 'ami'];
    await cli(['artifact', 'register', id, '--state', '10', '--name', number, ...place]);
  }
  return id;
}

test('lists that are shown whole can be cut, and then say that there is more', async () => {
  const id = await full();
  const lists = [
    ['build', 'history', id],
    ['variable', 'list', id],
    ['job', 'list', id],
    ['artifact', 'list', id],
  ];
  for (const words of lists) {
    const whole = await cli([...words, '-o', 'id']);
    expect([words, whole.code, whole.stdout.split('\n').length - 1, whole.stderr]).toEqual([words, 0, 2, '']);
    const cut = await cli([...words, '--limit', '1', '-o', 'id']);
    expect(cut.stdout).toBe(`${whole.stdout.split('\n')[0]}\n`);
    expect(cut.stderr).toBe('These are the first 1. There are more: raise --limit, or leave it out.\n');
  }
});
