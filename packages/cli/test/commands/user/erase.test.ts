import { describe, expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

describe('bldst user erase', () => {
  const { cli, build } = withServer();

  async function worked() {
    const name = `erika-${crypto.randomUUID()}@buildhost`;
    const id = await build(['--created-by', name, '--description', `ask ${name}`]);
    await cli(['build', 'add-state', id, '--state', '5', '--reported-by', name]);
    return { name, id };
  }

  test('says with --dry-run where texts hold the name, and changes nothing', async () => {
    const { name, id } = await worked();
    const found = await cli(['user', 'erase', name, '--dry-run']);
    expect(found.stdout).toContain('Would erase the name.');
    expect(found.stdout).toMatch(/build .* +head\.build\.description/);
    expect((await cli(['build', 'get', id, '--json'])).json).toMatchObject({ created_by: name });
  });

  test('takes the name out of what was recorded', async () => {
    const { name, id } = await worked();
    const erased = await cli(['user', 'erase', name, '--search', '--json']);
    expect(erased.json).toMatchObject({ dry_run: false, mention_count: 1 });
    const [somebody] = erased.json.users as readonly string[];
    expect(somebody).toMatch(/^erased-[0-9a-f]{16}$/);
    const { json } = await cli(['build', 'get', id, '--json']);
    expect(json.created_by).toBe(somebody);
    expect((await cli(['events', 'verify', id])).code).toBe(0);
  });

  test('is content when nobody has the name', async () => {
    const result = await cli(['user', 'erase', `nobody-${crypto.randomUUID()}`]);
    expect([result.code, result.stdout.trim()]).toEqual([0, 'Nobody is known by this name now.']);
  });
});
