import {
  AlreadyExistsError,
  ConfigurationError,
  IntegrityError,
  NotFoundError,
  StateInProgressError,
  TimeoutError,
  ValidationError,
} from '@buildstate/core/light';
import { describe, expect, test } from 'vitest';
import { nextCommand } from '../../src/errors/next-command.ts';
import { reportError } from '../../src/errors/report-error.ts';
import { UsageError } from '../../src/errors/usage-error.ts';
import type { Session } from '../../src/session/session.ts';
import { TextStream } from '../support/text-stream.ts';

const around = { commandId: 'artifact get', argv: [], flags: ['state', 'status'], build: 'linux:42' };

async function shown(
  error: unknown,
  options: { env?: Record<string, string>; argv?: string[]; terminal?: boolean } = {},
) {
  const stdout = new TextStream(options.terminal);
  const stderr = new TextStream(options.terminal);
  const session = { stdout, stderr, env: options.env ?? {}, now: () => 0 } as unknown as Session;
  await reportError(error, session, { ...around, argv: options.argv ?? [] });
  return { stdout: stdout.text, stderr: stderr.text };
}

describe('the next command', () => {
  const program = Object.assign(new Error('spawn nowhere ENOENT'), { code: 'ENOENT' });

  test.each([
    [
      'a build of whose artifacts there should be a list',
      'artifact list',
      { build: 'x:1' },
      'bldst build list',
    ],
    ['a project of a search', 'artifact search', { project: 'x' }, 'bldst project list'],
    ['a platform of a dashboard', 'dashboard', { platform: 'x' }, 'bldst platform list'],
    ['an artifact of a known build', 'artifact get', { artifact: 'x' }, 'bldst artifact list linux:42'],
  ])('lists what is missing, for %s', (_, commandId, context, command) => {
    const error = new NotFoundError('x', { context });
    expect(nextCommand(error, { commandId, argv: [], build: 'linux:42' })).toBe(command);
  });

  test.each([
    ['a program that is not there', 'build lease', new NotFoundError('x', { cause: program })],
    ['a file that a state did not make', 'run', new NotFoundError('x')],
    ['a time that was exceeded', 'step', new TimeoutError('x')],
    ['a broken configuration file', 'build list', new ConfigurationError('x')],
    ['a build that is not known', 'step', new StateInProgressError('x')],
  ])('is left out for %s', (_, commandId, error) => {
    expect(nextCommand(error, { commandId, argv: [] })).toBeUndefined();
  });

  test('is complete, or is left out', () => {
    const error = new AlreadyExistsError('x');
    const commandId = 'artifact download';
    expect(nextCommand(error, { commandId, argv: ['linux:42', 'disk', 'a.img'], build: 'linux:42' })).toBe(
      'bldst artifact download linux:42 disk a.img --force',
    );
    expect(nextCommand(error, { commandId, argv: ['disk', 'a b.img'] })).toBeUndefined();
    expect(nextCommand(new StateInProgressError('x'), { commandId: 'step', argv: [], build: 'p:1' })).toBe(
      'bldst build get p:1',
    );
  });
});

describe('an error', () => {
  test('names the thing, the reason and the next command', async () => {
    expect(await shown(new NotFoundError('There is no artifact "x".'))).toEqual({
      stdout: '',
      stderr: 'Error: There is no artifact "x".\nTry: bldst artifact list linux:42\n',
    });
  });

  test('lists the fields that are wrong, unless the sentence says so already', async () => {
    const problems = [
      { path: 'state', message: 'must be an integer' },
      { path: '', message: 'is too large' },
    ];
    const { stderr } = await shown(
      new ValidationError('The input is invalid: state must be an integer.', { problems }),
    );
    expect(stderr).toBe(
      'Error: The input is invalid: state must be an integer.\n  input: is too large\nTry: bldst artifact get --help\n',
    );
  });

  test('is the problem of the API as well where JSON or YAML is wanted', async () => {
    const error = new IntegrityError('Wrong bytes.', { context: { expected: 'a' } });
    const { stdout, stderr } = await shown(error, { argv: ['-o', 'json'] });
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'integrity',
      status: 409,
      detail: 'Wrong bytes.',
      context: { expected: 'a' },
    });
    expect(stderr).toMatch(/^Error: Wrong bytes\./);
    expect((await shown(error, { argv: ['-o', 'yaml'] })).stdout).toContain('code: integrity\n');
  });

  test('that nobody foresaw says how to see more', async () => {
    const { stderr } = await shown(new TypeError('x is not a function'));
    expect(stderr).toBe(
      'Error: This should not have happened: x is not a function\nFor the details run it again with DEBUG=bldst in the environment.\n',
    );
    expect(JSON.parse((await shown('thrown', { argv: ['--json'] })).stdout)).toMatchObject({
      code: 'unexpected',
    });
  });

  test.each([
    ['bldst', true],
    ['bldst*', true],
    ['express,bldst:build', true],
    ['*', true],
    ['express', false],
    ['', false],
  ])('with DEBUG=%s: stack %s', async (DEBUG, stack) => {
    const error = new NotFoundError('gone', { cause: new Error('the cause') });
    const { stderr } = await shown(error, { env: { DEBUG } });
    expect(/\n {4}at /.test(stderr)).toBe(stack);
    expect(stderr.includes('Caused by: Error: the cause')).toBe(stack);
  });

  test('is red on a terminal, unless colours are not wanted', async () => {
    expect((await shown(new UsageError('x'), { terminal: true })).stderr).toBe(
      '\u001b[31mError:\u001b[39m x\nTry: bldst artifact get --help\n',
    );
    expect((await shown(new UsageError('x'), { terminal: true, env: { NO_COLOR: '1' } })).stderr).toMatch(
      /^Error: x\n/,
    );
    expect((await shown(new UsageError('x'), { terminal: true, env: { CI: 'true' } })).stderr).toMatch(
      /^Error: x\n/,
    );
  });
});
