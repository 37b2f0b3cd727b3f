import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CommandClass } from '../../src/base/command-class.ts';
import { topicSummaries } from '../../src/help/topics.ts';
import { commandAliases, commandTable } from '../../src/run/command-table.ts';

const ids = Object.keys(commandTable) as (keyof typeof commandTable)[];

async function classOf(id: keyof typeof commandTable): Promise<CommandClass> {
  return (await commandTable[id]()).default as CommandClass;
}

function folderOf(kind: 'src' | 'test', id: string, ending: string): URL {
  return new URL(`../../${kind}/commands/${id.replaceAll(' ', '/')}${ending}`, import.meta.url);
}

test.each(ids)('"%s" has a summary of one line, an example, and a test beside its file', async (id) => {
  const { summary = '', examples = [], flags = {}, args = {} } = await classOf(id);
  expect(summary).toMatch(/^[A-Z][^\n]*\.$/);
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) expect(example).toMatchObject({ description: /./, command: /./ });
  expect(existsSync(folderOf('src', id, '.ts'))).toBe(true);
  expect(existsSync(folderOf('test', id, '.test.ts'))).toBe(true);
  for (const [name, flag] of Object.entries(flags)) expect(flag.summary, `--${name}`).toMatch(/[.…?]$/);
  for (const [name, arg] of Object.entries(args)) expect(arg.description, name).toMatch(/[.…?]$/);
});

test('every topic is described, and nothing else', () => {
  const topics = new Set(ids.filter((id) => id.includes(' ')).map((id) => id.split(' ')[0]));
  expect(Object.keys(topicSummaries).sort()).toEqual([...topics].sort());
});

test('no alias hides a command', () => {
  expect(Object.keys(commandAliases).filter((name) => Object.hasOwn(commandTable, name))).toEqual([]);
});

test('every command takes the flags of output', async () => {
  for (const id of ids) {
    const { baseFlags } = await classOf(id);
    expect(Object.keys(baseFlags), id).toEqual(expect.arrayContaining(['json', 'output']));
  }
});
