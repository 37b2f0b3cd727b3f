import { expect, test } from 'vitest';
import { makeVariable } from '../fixtures/rows.ts';
import type { StoreBench } from './bench.ts';

/** Variables: set, replaced, deleted, set again. */
export function variableCases(bench: StoreBench): void {
  test('lists variables by key, in the order of their characters', async () => {
    const head = await bench.create();
    const { id } = head.build;
    const keys = ['b', 'a', 'B', '_', '10', '9', 'ä', '\u{1F600}', '\uFF5E', '__proto__'];
    const variables = keys.map((variableKey) =>
      makeVariable(id, { variableKey, variableValue: `of ${variableKey}` }),
    );
    await bench.commit(head, { variables });
    const expected = ['10', '9', 'B', '_', '__proto__', 'a', 'b', 'ä', '\uFF5E', '\u{1F600}'];
    const listed = await bench.store.listVariables(id);
    expect(listed.map(({ variableKey }) => variableKey)).toEqual(expected);
    expect(listed.map(({ variableValue }) => variableValue)).toEqual(expected.map((key) => `of ${key}`));
    expect((await bench.load(id, { variables: true })).variables).toEqual(listed);
  });

  test('replaces a value, keeps every field, and takes large values', async () => {
    const head = await bench.create();
    const { id } = head.build;
    const variable = makeVariable(id, { variableKey: 'ami', isSensitive: true, isRequiredForResume: true });
    const current = await bench.commit(head, { variables: [variable] });
    expect(await bench.store.listVariables(id)).toEqual([variable]);
    const large = 'ü'.repeat(40_000);
    const changed = { ...variable, variableValue: large, variableType: 'json' as const, setAtState: null };
    await bench.commit(current, { variables: [changed] });
    expect(await bench.store.listVariables(id)).toEqual([changed]);
  });

  test('leaves deleted variables out, and takes the key again under the same or a new id', async () => {
    const head = await bench.create();
    const { id } = head.build;
    const [kept, gone] = [makeVariable(id, { variableKey: 'a' }), makeVariable(id, { variableKey: 'b' })];
    const deletedAt = '2026-02-01T00:00:00.000Z';
    let current = await bench.commit(head, { variables: [kept, gone] });
    current = await bench.commit(current, { variables: [{ ...gone, deletedAt }] });
    expect(await bench.store.listVariables(id)).toEqual([kept]);
    expect((await bench.load(id, { variables: true })).variables).toEqual([kept]);
    const back = { ...gone, variableValue: 'back' };
    current = await bench.commit(current, { variables: [back] });
    expect(await bench.store.listVariables(id)).toEqual([kept, back]);
    current = await bench.commit(current, { variables: [{ ...back, deletedAt }] });
    const renewed = makeVariable(id, { variableKey: 'b', variableValue: 'new' });
    await bench.commit(current, { variables: [renewed] });
    expect(await bench.store.listVariables(id)).toEqual([kept, renewed]);
  });
}
