import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

/** What a resumed build is told, and what nobody is shown. */
export function variableCases(bench: DoorBench): void {
  it('keeps sensitive variables out of lists, events and dictionaries, and gives them by key', async () => {
    const build = await bench.newBuild();
    const set = (variableKey: string, variableValue: string, more: object = {}) =>
      bench.call('setVariable', {
        params: { buildId: build },
        body: { variableKey, variableValue, ...more },
      });
    await set('ip', '10.0.0.1', { isRequiredForResume: true });
    const answer = await set('password', 'hunter2-canary', { isSensitive: true });
    expect(JSON.stringify(answer)).not.toContain('canary');
    const listed = await bench.call('listVariables', { params: { buildId: build } });
    expect(listed.map(({ variableKey, variableValue }) => [variableKey, variableValue])).toEqual([
      ['ip', '10.0.0.1'],
      ['password', undefined],
    ]);
    expect(await bench.call('getVariableDict', { params: { buildId: build } })).toEqual({ ip: '10.0.0.1' });
    const one = await bench.call('getVariable', { params: { buildId: build, variableKey: 'password' } });
    expect(one.variableValue).toBe('hunter2-canary');
    const context = await bench.call('getResumeContext', { params: { buildId: build } });
    expect(context.variables).toEqual({ ip: '10.0.0.1', password: 'hunter2-canary' });
    const events = await bench.call('listEvents', { params: { buildId: build } });
    expect(JSON.stringify(events)).not.toContain('canary');
  });

  it('replaces, changes and deletes variables; a sealed one stays sealed', async () => {
    const build = await bench.newBuild();
    const params = { buildId: build, variableKey: 'key' };
    const body = { variableKey: 'key', variableValue: 'one-value', isSensitive: true };
    await bench.call('setVariable', { params: { buildId: build }, body });
    await bench.call('setVariable', {
      params: { buildId: build },
      body: { variableKey: 'key', variableValue: 'two' },
    });
    const known = await bench.call('getVariable', { params });
    expect(known).toMatchObject({ variableValue: 'two', isSensitive: true });
    await bench.call('updateVariable', { params, body: { isSensitive: false } });
    expect(await bench.call('getVariableDict', { params: { buildId: build } })).toEqual({ key: 'two' });
    await bench.call('deleteVariable', { params });
    await bench.refused('not_found', () => bench.call('getVariable', { params }));
  });

  it('takes JSON for what it is, and refuses a text that claims to be JSON', async () => {
    const build = await bench.newBuild();
    const params = { buildId: build, variableKey: 'net' };
    const set = (body: object) =>
      bench.call('setVariable', {
        params: { buildId: build },
        body: { variableKey: 'net', variableValue: '', ...body },
      });
    await set({ variableValue: 'plain' });
    expect(await set({ variableValue: { cidr: ['10.0.0.0/8'] } })).toMatchObject({
      variableType: 'json',
      variableValue: '{"cidr":["10.0.0.0/8"]}',
    });
    await bench.refused('validation_failed', () => set({ variableValue: '{nonsense' }));
    await bench.refused('validation_failed', () => set({ variableValue: [1], variableType: 'string' }));
    await set({ variableValue: 'plain', variableType: 'string' });
    const toJson = { params, body: { variableType: 'json' as const } };
    await bench.refused('validation_failed', () => bench.call('updateVariable', toJson));
    expect(await bench.call('getVariable', { params })).toMatchObject({
      variableType: 'string',
      variableValue: 'plain',
    });
  });

  it('seals what is called encrypted, unless it is set as not sensitive', async () => {
    const build = await bench.newBuild();
    const set = (variableKey: string, more: object = {}) =>
      bench.call('setVariable', {
        params: { buildId: build },
        body: { variableKey, variableValue: 'cipher-or-not', variableType: 'encrypted', ...more },
      });
    expect(await set('sealed')).toMatchObject({ isSensitive: true });
    expect(await set('sealed')).not.toHaveProperty('variableValue');
    expect(await set('open', { isSensitive: false })).toMatchObject({ variableValue: 'cipher-or-not' });
    expect(await bench.call('getVariableDict', { params: { buildId: build } })).toEqual({
      open: 'cipher-or-not',
    });
  });

  it.each<[string, unknown]>([
    ['a NUL', 'a\u0000b'],
    ['half a surrogate pair', 'a\ud800'],
    ['a NUL within JSON', { deep: ['a\u0000b'] }],
    ['a long text', 'x'.repeat(65_537)],
    ['long JSON', Array.from({ length: 20_000 }, () => 1000)],
  ])('refuses %s and names the field', async (_, variableValue) => {
    const build = await bench.newBuild();
    const error = await bench.refused('validation_failed', () =>
      bench.call('setVariable', {
        params: { buildId: build },
        body: { variableKey: 'key', variableValue: variableValue as string },
      }),
    );
    expect(error.problems.map(({ path }) => path)).toEqual(['variable_value']);
    expect(await bench.call('listVariables', { params: { buildId: build } })).toEqual([]);
  });

  it('keeps a text of the longest length, whatever it is made of', async () => {
    const build = await bench.newBuild();
    const variableValue = '"\n'.repeat(32_768);
    await bench.call('setVariable', {
      params: { buildId: build },
      body: { variableKey: 'key', variableValue },
    });
    const known = await bench.call('getVariable', { params: { buildId: build, variableKey: 'key' } });
    expect(known.variableValue).toBe(variableValue);
  });
}
