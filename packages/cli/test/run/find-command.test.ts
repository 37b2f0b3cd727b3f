import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { CommandClass } from '../../src/base/command-class.ts';
import { topicSummaries } from '../../src/help/topics.ts';
import { commandAliases, commandTable } from '../../src/run/command-table.ts';
import { findCommand } from '../../src/run/find-command.ts';

const folder = fileURLToPath(new URL('../../src/commands', import.meta.url));

function classOf(id: string): Promise<{ readonly default: CommandClass }> {
  return commandTable[id as keyof typeof commandTable]();
}

describe('the table of commands', () => {
  const ids = Object.keys(commandTable);

  test('holds every file under commands, by its path', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const expected = files.map((name) => name.replace(/\.ts$/, '').replaceAll(/[/\\]/g, ' '));
    expect([...ids].sort()).toEqual(expected.sort());
  });

  test.each(ids)('%s has a summary and an example that begins with bldst', async (id) => {
    const { default: Class } = await classOf(id);
    expect(Class.summary).toMatch(/^[A-Z].*\.$/);
    const examples = Class.examples as { description: string; command: string }[];
    expect(examples.length).toBeGreaterThan(0);
    for (const { command } of examples) expect(command).toContain('<%= config.bin %> ');
  });

  test.each(ids)('%s describes all of its flags and arguments', async (id) => {
    const { default: Class } = await classOf(id);
    for (const flag of Object.values({ ...Class.flags, ...Class.baseFlags }))
      expect(flag.summary).toMatch(/[.…]$/);
    for (const argument of Object.values(Class.args)) expect(argument.description).toMatch(/[.…]$/);
  });

  test('knows the aliases that the commands name', async () => {
    const named = await Promise.all(
      ids.map(async (id) => ((await classOf(id)).default.aliases ?? []).map((alias) => [alias, id])),
    );
    expect(commandAliases).toEqual(Object.fromEntries(named.flat()));
  });

  test('has a summary for every topic', () => {
    const topics = new Set(ids.filter((id) => id.includes(' ')).map((id) => id.split(' ')[0]));
    expect(Object.keys(topicSummaries).sort()).toEqual([...topics].sort());
  });
});

describe('a command line', () => {
  test.each([
    [['build', 'get', 'x'], 'build get', ['x']],
    [['builds', 'get', 'x', '--json'], 'build get', ['x', '--json']],
    [['build:get', 'x'], 'build get', ['x']],
    [['retry-policies', 'get'], 'retry-policy get', []],
    [['state-codes', 'list'], 'state-code list', []],
    [['build', 'update-state', 'x'], 'build add-state', ['x']],
    [['build', 'record-failure'], 'build fail', []],
    [['build', 'add-failure'], 'build fail', []],
    [['artifact', 'create', 'x'], 'artifact register', ['x']],
    [['health'], 'health', []],
    [['help', 'exit-codes'], 'help exit-codes', []],
    [['build', 'lease', 'x', '--', 'cmd', '--help'], 'build lease', ['x', '--', 'cmd', '--help']],
  ])('%j is %s', (argv, id, rest) => {
    expect(findCommand(argv)).toEqual({ kind: 'command', id, argv: rest });
  });

  test.each([
    [[], []],
    [['--help'], []],
    [['-h'], []],
    [['help'], []],
    [['build'], ['build']],
    [['builds', '--help'], ['build']],
    [
      ['help', 'build', 'get'],
      ['build', 'get'],
    ],
    [['build', 'get', '--help'], ['build get']],
    [['build', 'get', 'x', '-h'], ['build get']],
  ])('%j asks for help about %j', (argv, words) => {
    expect(findCommand(argv)).toEqual({ kind: 'help', words });
  });

  test.each([['--version'], ['-v'], ['version']])('%s asks for the version', (word) => {
    expect(findCommand([word])).toEqual({ kind: 'version' });
  });

  test.each([
    [['biuld', 'get'], 'build get'],
    [['build', 'gte', 'x'], 'build get'],
    [['build', 'add-stat'], 'build add-state'],
    [['artefact', 'upload'], 'artifact upload'],
    [['helth'], 'health'],
    [['buidl'], 'build'],
  ])('%j is answered with the nearest command, %s', (argv, nearest) => {
    expect(findCommand(argv)).toMatchObject({ kind: 'unknown', nearest: expect.arrayContaining([nearest]) });
  });

  test('with an unknown verb names commands of its topic alone, the nearest first', () => {
    const request = findCommand(['build', 'gte']);
    expect(request).toMatchObject({ topic: 'build' });
    const { nearest } = request as { readonly nearest: readonly string[] };
    expect(nearest[0]).toBe('build get');
    expect(nearest.every((name) => name.startsWith('build '))).toBe(true);
    expect(findCommand(['builds', 'nonsense'])).toMatchObject({ topic: 'build', nearest: [] });
  });
});
