import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ReferenceTopic } from '../../src/reference/topic.ts';
import { succeeded, withServer } from '../support/server.ts';

/** Flags that say everything which only one kind has, and what the API makes of them. */
const own: Readonly<Record<string, readonly [words: readonly string[], fields: object]>> = {
  platform: [
    ['--cloud-provider', 'aws', '--region', 'eu-west-1'],
    { cloud_provider: 'aws', region: 'eu-west-1' },
  ],
  'os-version': [
    ['--os-version', '22.04', '--family', 'debian', '--major', '22', '--minor', '04'],
    { version: '22.04', os_family: 'debian', major_version: 22, minor_version: '04' },
  ],
};

/** Command lines about one kind, and an entry of it that no other test knows. */
function scene({ topic }: ReferenceTopic) {
  const { cli, project: name, build } = withServer();
  const [words, fields] = own[topic] ?? [[], {}];
  const run = (...line: string[]) => cli([topic, ...line]);
  const made = async () =>
    succeeded(await run('create', name, '--display-name', 'Shown', '-d', 'Told', ...words, '--json')).json;
  return { cli, run, made, name, build, fields };
}

/** `bldst TOPIC create` */
export function testCreate(topic: ReferenceTopic): void {
  const { run, made, name, fields } = scene(topic);
  test('adds one with what is known of it, once', async () => {
    expect(await made()).toMatchObject({ name, display_name: 'Shown', description: 'Told', ...fields });
    const again = await run('create', name);
    expect(again.code).toBe(4);
    expect(again.stderr).toContain(`bldst ${topic.topic} update`);
    const id = randomUUID();
    expect((await run('create', `${name}-own`, '--id', id, '-o', 'id')).stdout).toBe(`${id}\n`);
  });
}

/** `bldst TOPIC get` */
export function testGet(topic: ReferenceTopic): void {
  const { run, made, name } = scene(topic);
  test('shows one by its name or id', async () => {
    const entry = await made();
    expect((await run('get', name, '--json')).json).toEqual(entry);
    expect((await run('get', entry.id, '--json')).json).toEqual(entry);
    const shown = new RegExp(`^Name: +${name}\nId: +${entry.id}\nShown as: +Shown`);
    expect((await run('get', name)).stdout).toMatch(shown);
    const unknown = await run('get', 'nobody-at-all');
    expect(unknown.code).toBe(3);
    expect(unknown.stderr).toContain(`bldst ${topic.topic} list`);
  });
}

/** `bldst TOPIC update` */
export function testUpdate(topic: ReferenceTopic): void {
  const { run, made, name, fields } = scene(topic);
  test('changes what is named and nothing else', async () => {
    const { id } = await made();
    const { json } = succeeded(await run('update', name, '-d', 'Told anew', '--json'));
    expect(json).toMatchObject({ id, name, display_name: 'Shown', description: 'Told anew', ...fields });
    const renamed = await run('update', name, '--name', `${name}-2`, '--json');
    expect(renamed.json).toMatchObject({ id, name: `${name}-2`, description: 'Told anew' });
    succeeded(await run('create', name));
    expect((await run('update', name, '--name', `${name}-2`)).code).toBe(4);
  });
  test('makes a deactivated one active again', async () => {
    succeeded(await run('delete', name));
    expect((await run('update', name, '--json')).json.deactivated_at).toBeNull();
  });
}

/** `bldst TOPIC list` */
export function testList(topic: ReferenceTopic): void {
  const { cli, run, made, name } = scene(topic);
  test('shows active ones, and deactivated ones when asked', async () => {
    await made();
    succeeded(await run('create', `${name}-gone`));
    succeeded(await run('delete', `${name}-gone`));
    const names = async (...line: string[]) =>
      (await run('list', '--all', '--json', ...line)).json.map((entry: { name: string }) => entry.name);
    expect(await names()).toContain(name);
    expect(await names()).not.toContain(`${name}-gone`);
    expect(await names('--include-deactivated')).toContain(`${name}-gone`);
    expect((await run('list', '--all')).stdout).toMatch(/^Id +Name .*Active +Description\n/);
    expect((await cli([`${topic.topic}s`, 'list', '--all'])).stdout).toContain(name);
    succeeded(await run('create', `${name}-more`));
    expect((await run('list', '--limit', '1')).stderr).toMatch(/There are more/);
  });
}

/** `bldst TOPIC delete` */
export function testDelete(topic: ReferenceTopic): void {
  const { cli, run, made, name } = scene(topic);
  test('deactivates one, with the admin scope', async () => {
    await made();
    const env = { BLDST_API_KEY: 'dev-key-12345' };
    expect((await cli([topic.topic, 'delete', name], { env })).code).toBe(5);
    const what = topic.one.replace(/^an? /, '');
    expect((await run('delete', name)).stdout).toBe(`Deactivated the ${what} ${name}.\n`);
    expect((await run('get', name)).stdout).toMatch(/\nDeactivated: /);
  });
}
