import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseJsonLines } from '../../src/http/json-lines.ts';
import { TestServer } from '../support/test-server.ts';

const lines = { 'content-type': 'application/x-ndjson' };

describe('batches of transitions', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({
      limits: { bodyBytes: 4096, batchBytes: 65_536, batchMemoryBytes: 65_536 },
    });
  });
  afterAll(() => server.remove());

  it('are taken as one JSON text a line', async () => {
    const build = await server.newBuild();
    const raw = '{"state":5}\n\n{"state":10,"message":"two\\nlines"}\r\n{"state":4}\n';
    const answer = await server.send(`/builds/${build}/states/batch`, { raw, headers: lines });
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ recorded: 2, refused: 1, not_tried: 0 });
    expect(answer.json().results.map(({ status }: { status: number }) => status)).toEqual([201, 201, 409]);
    expect(answer.json().results[2].problem).toMatchObject({
      type: '/problems/illegal_transition',
      status: 409,
      code: 'illegal_transition',
    });
  });

  it('name the line that is no JSON, and record nothing of them', async () => {
    const build = await server.newBuild();
    const path = `/builds/${build}/states/batch`;
    const raw = '{"state":5}\n{"state":10,"state":15}\n';
    const answer = await server.send(path, { raw, headers: lines });
    expect(answer.status).toBe(400);
    expect(answer.json().detail).toMatch(/^Line 2: The body has the field "state" twice/);
    expect((await server.send(`/builds/${build}/states`)).json()).toEqual([]);
  });

  it('may be larger than other bodies, and have an end', async () => {
    const build = await server.newBuild();
    const path = `/builds/${build}/states/batch`;
    const reports = Array.from({ length: 20 }, (_, index) => ({
      state: index * 5,
      message: 'x'.repeat(1000),
    }));
    const answers = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const own = await server.newBuild();
        return server.send(`/builds/${own}/states/batch`, { body: reports });
      }),
    );
    for (const answer of answers) expect(answer.json()).toMatchObject({ recorded: 20, refused: 0 });
    const refused = await server.send(path, { raw: `[${' '.repeat(70_000)}]` });
    expect(refused.status).toBe(413);
    const alone = await server.send(`/builds/${build}/state`, {
      body: { state: 5, message: 'x'.repeat(5000) },
    });
    expect(alone.status).toBe(413);
  });

  it('count as the transitions that they are', async () => {
    const build = await server.newBuild();
    const body = [{ state: 5, status: 'skipped' }, { state: 10, status: 'skipped' }, { state: 5 }];
    await server.send(`/builds/${build}/states/batch`, { body });
    expect((await server.send('/metrics')).text).toContain(
      'buildstate_transitions_total{status="skipped"} 2',
    );
  });

  it('are the one kind of body that may come in lines', async () => {
    const answer = await server.send('/builds', { raw: '{"project":"x"}', headers: lines });
    expect(answer.status).toBe(415);
    expect(answer.json().detail).toContain('application/json');
  });
});

it('JSON lines are read without the empty ones', () => {
  expect(parseJsonLines('', 9)).toEqual([]);
  expect(parseJsonLines('1\r\n\n [2]\n', 9)).toEqual([1, [2]]);
  expect(() => parseJsonLines('1\n[[[1]]]', 2)).toThrow(/^Line 2: The body must not be nested/);
});
