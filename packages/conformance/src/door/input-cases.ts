import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

/** Bad input is refused with the field named, and nothing is written. */
export function inputCases(bench: DoorBench): void {
  const bad: readonly (readonly [string, object, string])[] = [
    ['a state over 100', { state: 101 }, 'state'],
    ['a negative state', { state: -1 }, 'state'],
    ['a broken state', { state: 12.5 }, 'state'],
    ['a state as text', { state: '25' }, 'state'],
    ['no state at all', {}, 'state'],
    ['a name that breaks the line', { state: 5, reportedBy: 'me\r\nand you' }, 'reported_by'],
    ['a name that moves the cursor', { state: 5, reportedBy: 'me\u001b[2J' }, 'reported_by'],
    ['a year of five digits', { state: 5, startTime: '9999-12-31T23:59:59-01:00' }, 'start_time'],
    ['JSON with a NUL in a key', { state: 5, metadata: { 'a\u0000': 1 } }, 'metadata'],
    ['a list as metadata', { state: 5, metadata: [1] }, 'metadata'],
    ['long metadata', { state: 5, metadata: { a: 'x'.repeat(65_536) } }, 'metadata'],
    ['two states at once', { state: 5, stateCode: 10 }, 'state'],
    ['an unknown field', { state: 5, mesage: 'x' }, 'mesage'],
    ['a NUL byte', { state: 5, message: 'a\u0000b' }, 'message'],
    ['half a surrogate pair', { state: 5, message: 'a\ud800' }, 'message'],
    ['JSON nested too deeply', { state: 5, metadata: nested(40) }, 'metadata'],
    ['a long message', { state: 5, message: 'x'.repeat(8193) }, 'message'],
    ['an unknown status', { state: 5, status: 'done' }, 'status'],
    ['a bad time', { state: 5, startTime: 'yesterday' }, 'start_time'],
    [
      'an end before the start',
      { state: 5, startTime: '2026-01-02T00:00:00Z', endTime: '2026-01-01T00:00:00Z' },
      'end_time',
    ],
    [
      'a bad checksum',
      { state: 5, artifactStorageType: 's3', artifactStoragePath: 's3://b/k', artifactChecksum: 'xyz' },
      'artifact_checksum',
    ],
  ];
  it.each(bad)('refuses %s', async (_, body, path) => {
    const build = await bench.newBuild();
    const error = await bench.refused('validation_failed', () => bench.report(build, body));
    expect(error.problems.map((problem) => problem.path)).toContain(path);
    expect(await bench.where(build)).toEqual([0, 0, null, 'pending']);
    expect(await bench.call('listEvents', { params: { buildId: build } })).toHaveLength(1);
  });

  it('names the field that an unknown one may have meant', async () => {
    const build = await bench.newBuild();
    const error = await bench.refused('validation_failed', () =>
      bench.report(build, { state: 5, mesage: 'x' } as object),
    );
    expect(error.problems[0]?.message).toContain('message');
  });

  it('tells of many wrong fields briefly', async () => {
    const build = await bench.newBuild();
    const body = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field_${index}`, 1]));
    const error = await bench.refused('validation_failed', () => bench.report(build, { state: 5, ...body }));
    expect(error.problems).toHaveLength(50);
    expect(error.message.length).toBeLessThan(200);
  });

  it("keeps a user's JSON exactly, whatever its keys are called", async () => {
    const build = await bench.newBuild();
    const metadata = JSON.parse('{"constructor":{"a_b":1},"camelCase":[null,1.5,true],"":{"-0":0}}');
    expect((await bench.report(build, { state: 5, metadata })).metadata).toEqual(metadata);
    const [attempt] = await bench.call('listAttempts', { params: { buildId: build } });
    expect(attempt?.metadata).toEqual(metadata);
  });

  it('keeps texts of any language exactly', async () => {
    const build = await bench.newBuild();
    const message = 'Größe 测试 🚀 \u2028 "quoted" \\ \n end';
    expect((await bench.report(build, { state: 5, message })).message).toBe(message);
  });
}
