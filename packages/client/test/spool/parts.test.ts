import { describe, expect, it } from 'vitest';
import { datedReport } from '../../src/spool/late-report.ts';
import { buildKeyOf, mayBeSameBuild, SpoolFolder } from '../../src/spool/spool-folder.ts';
import { parseSpooled } from '../../src/spool/spooled-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const a = '01932f1c-7a4e-7c4b-9d4e-6b8f0a1c2d3e';
const b = '01932f1c-7a4e-7c4b-9d4e-6b8f0a1c2d3f';

describe('whether two reports are of one build', () => {
  it.each([
    [a, a, true],
    [a, b, false],
    [a.toUpperCase(), a, true],
    ['p:1', a, true],
    ['p:1', 'p:2', true],
    [a.slice(0, 8), b, true],
  ])('is judged with care: %s and %s', (first, second, same) => {
    expect(mayBeSameBuild(buildKeyOf(first), buildKeyOf(second))).toBe(same);
  });
});

describe('a late report', () => {
  const now = '2026-03-01T12:00:00.000Z';
  it.each([
    ['recordState', {}, { endTime: now }],
    ['recordState', { status: 'started' }, { startTime: now }],
    ['recordState', { status: 'in_progress', startTime: 'then' }, { startTime: 'then' }],
    ['recordState', { status: 'skipped' }, { endTime: now }],
    ['recordFailure', {}, { endTime: now }],
    ['recordFailure', { endTime: 'then' }, { endTime: 'then' }],
  ] as const)('%s %j says when it happened', (operation, body, times) => {
    expect(datedReport(operation, { eventId: 'e', ...body }, now)).toEqual({
      eventId: 'e',
      ...body,
      ...times,
    });
  });
});

describe('a file of the spool', () => {
  const whole = {
    version: 1,
    operation: 'recordState',
    build: 'p:1',
    body: { eventId: 'e' },
    spooledAt: 'now',
  };
  it('is read when it is whole', () => {
    expect(parseSpooled(JSON.stringify(whole))).toEqual(whole);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"version":1',
    JSON.stringify({ ...whole, version: 2 }),
    JSON.stringify({ ...whole, operation: 'deleteBuild' }),
    JSON.stringify({ ...whole, body: {} }),
    JSON.stringify({ ...whole, build: 7 }),
  ])('is no report otherwise: %s', (text) => {
    expect(parseSpooled(text)).toBeUndefined();
  });
});

describe('the queue', () => {
  it('keeps its order over many reports, and takes any event id and build as data', async () => {
    const folder = new SpoolFolder(temporaryFolder(), 'http://h');
    const builds = ['../../etc', 'p:1', 'ä/ö?', 'p:1'];
    for (const [index, build] of builds.entries()) {
      const body = { eventId: `../${index}`, n: index };
      await folder.append({ version: 1, operation: 'recordState', build, body, spooledAt: 'now' });
    }
    const files = await Promise.all((await folder.waiting()).map(({ name }) => folder.read(name)));
    expect(files.map((file) => (typeof file === 'object' ? file.build : file))).toEqual(builds);
  });

  it('takes reports that several writers append at once', async () => {
    const folder = new SpoolFolder(temporaryFolder(), 'http://h');
    const append = (n: number) =>
      folder.append({
        version: 1,
        operation: 'recordState',
        build: 'p:1',
        body: { eventId: `${n}` },
        spooledAt: '',
      });
    await Promise.all(Array.from({ length: 20 }, (_, n) => append(n)));
    expect(await folder.waiting()).toHaveLength(20);
  });
});
