import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkInput, fromWire, routes, schemas, toWire, ValidationError } from '../../src/index.ts';
import { cpuMs } from '../support/cpu-time.ts';

const params = { build_id: 'rhel9:1' };

function problems(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (error instanceof ValidationError) return error.problems;
    throw error;
  }
  return [];
}

const state = (body: unknown) => () => checkInput('recordState', { params, body });

describe('checking input', () => {
  it.each([
    [{ state: 101 }, 'state'],
    [{ state: -1 }, 'state'],
    [{ state: 12.5 }, 'state'],
    [{ state: '25' }, 'state'],
    [{ state: 25, message: 'a\u0000b' }, 'message'],
    [{ state: 25, message: '\ud800' }, 'message'],
    [{ state: 25, message: 'ä'.repeat(8000) }, 'message'],
    [{ state: 25, metadata: { a: 'x\u0000' } }, 'metadata'],
    [{ state: 25, metadata: { a: 'x'.repeat(70_000) } }, 'metadata'],
    [{ state: 25, start_time: '2026-03-01 12:00' }, 'start_time'],
    [{ state: 25, event_id: 'abc' }, 'event_id'],
    [{ state: 25, status: 'done' }, 'status'],
    [{ state: 25, artifact_size_bytes: -5 }, 'artifact_size_bytes'],
    ['text', ''],
    [null, ''],
    [[], ''],
  ])('refuses %j and names %s', (body, path) => {
    expect(problems(state(body)).map((one) => one.path)).toContain(path);
  });

  it('refuses unknown fields with the nearest known name', () => {
    const [problem] = problems(state({ stat: 25 }));
    expect(problem).toEqual({ path: 'stat', message: expect.stringContaining('did you mean state') });
    expect(state({ stat: 25 })).toThrow(/did you mean state, status or state_code\?$/);
  });

  it.each<[unknown, string]>([
    [{ state: 25, message: 5 }, 'must be a text, not a number'],
    [{ state: 25, artifact_size_bytes: 1.5 }, 'must be an integer, not 1.5'],
    [{ state: 25, artifact_size_bytes: -1 }, 'must be at least 0'],
    [{ state: 25, takeover: 'yes' }, 'must be true or false, not a text'],
    [{ state: 25, message: 'x'.repeat(9000) }, 'must have at most 8192 characters'],
    [{ state: 25, category: 'bad' }, 'must be transient'],
    [[], 'must be an object, not an array'],
  ])('says what is wrong with %#', (body, message) => {
    expect(problems(state(body))[0]?.message).toContain(message);
  });

  it('says that a field is required, in a sentence', () => {
    const asked = () => checkInput('setVariable', { params, body: {} });
    expect(problems(asked)).toContainEqual({ path: 'variable_key', message: 'is required' });
    expect(asked).toThrow('setVariable: "variable_key" is required');
  });

  it('refuses nesting that would exhaust the stack', () => {
    let deep: unknown = {};
    for (let depth = 0; depth < 100_000; depth++) deep = { deep };
    expect(problems(state({ state: 1, metadata: deep }))[0]?.message).toContain('deeper');
  });

  it.each<[string, unknown]>([
    ['values', { state: 1, metadata: { a: Array.from({ length: 500_000 }, () => 0) } }],
    ['objects', { state: 1, error_details: Array.from({ length: 300_000 }, () => ({})) }],
    ['keys', { state: 1, metadata: Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [i, 1])) }],
    ['unknown fields', Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`field${i}`, 1]))],
  ])('refuses a body full of %s without much work', (_, body) => {
    const before = cpuMs();
    expect(problems(state(body))).not.toEqual([]);
    // What costs something for each of them takes more than ten seconds.
    expect(cpuMs() - before).toBeLessThan(1500);
  });

  it.each([
    [{ a: undefined }],
    [{ a: Number.NaN }],
    [{ a: () => 1 }],
    [{ a: new Date() }],
    [new Map()],
    [[]],
    ['text'],
    [null],
  ])('refuses %o as a JSON object', (metadata) => {
    expect(problems(state({ state: 1, metadata })).map(({ path }) => path)).toEqual(['metadata']);
  });

  it('takes JSON of 32 levels and of 64 KiB, and no more of either', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
    const long = (bytes: number) => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });
    expect(problems(state({ state: 1, metadata: nested(32) }))).toEqual([]);
    expect(problems(state({ state: 1, metadata: nested(33) }))).toHaveLength(1);
    expect(problems(state({ state: 1, metadata: long(65_536) }))).toEqual([]);
    expect(problems(state({ state: 1, metadata: long(65_537) }))).toHaveLength(1);
    expect(problems(state({ state: 1, error_details: 'ä'.repeat(32_768) }))).toEqual([]);
    expect(problems(state({ state: 1, error_details: 'ä'.repeat(32_769) }))).toHaveLength(1);
  });

  it("passes a user's JSON on as it is, an own __proto__ included", () => {
    const metadata = JSON.parse('{"__proto__": {"polluted": true}, "snake_case": {"camelCase": 1}}');
    const { body } = checkInput('recordState', { params, body: { state: 1, metadata } });
    expect(body.metadata).toBe(metadata);
  });

  it('takes any instant of the years 0 to 9999, and keeps all of them sortable', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), fc.integer({ min: -23, max: 23 }), (date, hours) => {
        const zone = `${hours < 0 ? '-' : '+'}${String(Math.abs(hours)).padStart(2, '0')}:30`;
        const start_time = `${date.toISOString().slice(0, -1)}${zone}`;
        const found = problems(state({ state: 1, start_time }));
        if (found.length > 0) return found[0]?.path === 'start_time';
        const { body } = checkInput('recordState', { params, body: { state: 1, start_time } });
        return body.startTime?.length === 24 && Date.parse(body.startTime) === Date.parse(start_time);
      }),
    );
  });

  it('brings times to UTC and ids to lower case', () => {
    const { body } = checkInput('recordState', {
      params,
      body: {
        state: 1,
        start_time: '2026-03-01T14:00:00+02:00',
        event_id: 'AAAAAAAA-0000-4000-8000-00000000000A',
      },
    });
    expect(body).toMatchObject({
      startTime: '2026-03-01T12:00:00.000Z',
      eventId: 'aaaaaaaa-0000-4000-8000-00000000000a',
    });
  });

  it('reads numbers and flags of queries', () => {
    const { query } = checkInput('listArtifacts', {
      params,
      query: { limit: '5', is_resumable: 'true', state_code: '25' },
    });
    expect(query).toEqual({ limit: 5, isResumable: true, stateCode: 25 });
    expect(problems(() => checkInput('listArtifacts', { params, query: { limit: '5000' } }))).toHaveLength(1);
    expect(problems(() => checkInput('listArtifacts', { params, query: { state_code: '' } }))).toHaveLength(
      1,
    );
  });

  it('says of unknown fields, nested ones too, which known name is nearest', () => {
    const change = (body: object) => () =>
      checkInput('updateProject', { params: { project_id: 'images' }, body });
    expect(problems(change({ descripton: 'x' }))).toEqual([
      { path: 'descripton', message: 'is not a known field; did you mean description?' },
    ]);
    const failure_patterns = [{ pattern: 'x', category: 'persistent', patern: 'y' }];
    expect(problems(change({ failure_patterns }))).toEqual([
      { path: 'failure_patterns.0.patern', message: 'is not a known field; did you mean pattern?' },
    ]);
  });

  it('leaves unknown fields out where that is wished, and looks again at what is left', () => {
    const ignored: string[] = [];
    const body = { state: 5, speed: 9, '__proto__.x': 1 };
    const checked = checkInput('recordState', { params, query: { colour: 'red' }, body }, ignored);
    expect(checked.body).toEqual({ state: 5 });
    expect(ignored).toEqual(['colour', 'speed', '__proto__.x']);
    expect(body).toHaveProperty('speed');
    expect(problems(() => checkInput('recordState', { params, body: { state: -1, speed: 9 } }, []))).toEqual([
      expect.objectContaining({ path: 'state' }),
    ]);
  });

  it('has schemas for every route, whose path parameters they name', () => {
    expect(Object.keys(schemas).sort()).toEqual(Object.keys(routes).sort());
    for (const [name, route] of Object.entries(routes)) {
      const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      const shape = (schemas[name as keyof typeof schemas].params as unknown as { shape: object }).shape;
      expect(Object.keys(shape).sort(), name).toEqual(inPath.sort());
    }
  });
});

describe('names', () => {
  it('survive the way to the wire and back', () => {
    const value = {
      buildNumber: '1',
      items: [{ stateCode: 5, createdAt: null }],
      metadata: { keepThis: 1, and_this: 2 },
    };
    expect(toWire(value)).toEqual({
      build_number: '1',
      items: [{ state_code: 5, created_at: null }],
      metadata: { keepThis: 1, and_this: 2 },
    });
    expect(fromWire(toWire(value))).toEqual(value);
  });

  it("never change a user's JSON", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (metadata) => {
        const { metadata: back } = fromWire<{ metadata: unknown }>(toWire({ metadata }));
        expect(back).toBe(metadata);
      }),
    );
  });

  it('keep an own __proto__ as data', () => {
    const value = fromWire(JSON.parse('{"__proto__": {"polluted": true}}'));
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
