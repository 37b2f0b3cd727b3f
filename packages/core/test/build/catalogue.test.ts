import { describe, expect, it } from 'vitest';
import {
  defaultCatalogue,
  finalState,
  NotFoundError,
  nextState,
  resolveStateName,
  stateDisplayName,
  stateName,
} from '../../src/index.ts';
import { makeProject } from '../support/simulation.ts';

const catalogue = makeProject().stateCodes;

describe('the default catalogue', () => {
  it('steps by five from initial to delivered, and only its last code is final', () => {
    const made = defaultCatalogue(() => 'id', '2026-03-01T12:00:00.000Z');
    expect(made.map(({ stateCode }) => stateCode)).toEqual(Array.from({ length: 21 }, (_, i) => i * 5));
    expect(made.filter(({ isFinal }) => isFinal).map(({ stateCode }) => stateCode)).toEqual([100]);
    expect(made.filter(({ isInitial }) => isInitial).map(({ name }) => name)).toEqual(['initial']);
    expect(made.flatMap(({ prerequisites }) => prerequisites)).toEqual([]);
    expect(made.map(({ name }) => name).join(' ')).toBe(
      'initial kickstart base-image-created base-config package-repositories security-baseline ' +
        'base-os-complete runtime-prerequisites network-config storage-config application-runtimes ' +
        'application-install application-config monitoring-agents integration-testing ' +
        'validation-complete security-scan image-optimisation release-approval publish delivered',
    );
  });

  it('names codes that it does not have by their number', () => {
    expect([stateName(catalogue, 42), stateDisplayName(catalogue, 42)]).toEqual(['state-42', 'state-42']);
    expect([stateName(catalogue, 45), stateDisplayName(catalogue, 45)]).toEqual([
      'storage-config',
      'Storage configuration',
    ]);
  });
});

describe('looking states up', () => {
  it.each([
    ['security-baseline', 25],
    ['Security_Baseline', 25],
    ['package-installation', 25],
    [' delivered ', 100],
    ['state-42', 42],
    ['42', 42],
    ['0', 0],
    ['100', 100],
    ['STATE_5', 5],
  ])('takes %j for %i', (name, code) => {
    expect(resolveStateName(catalogue, name)).toBe(code);
  });

  it.each(['', '101', 'state-101', '-1', '12.5', '0x10', 'state-', '1e1', 'nonsense'])(
    'does not know %j',
    (name) => {
      expect(() => resolveStateName(catalogue, name)).toThrow(NotFoundError);
    },
  );

  it('finds aliases however they are written', () => {
    const aliased = catalogue.map((one) =>
      one.stateCode === 10 ? { ...one, aliases: ['Golden_Image'] } : one,
    );
    expect(resolveStateName(aliased, 'golden-image')).toBe(10);
    expect(resolveStateName(aliased, 'GOLDEN_IMAGE')).toBe(10);
  });

  it('suggests the nearest names', () => {
    expect(() => resolveStateName(catalogue, 'security-basline')).toThrow(/Did you mean security-baseline/);
  });

  it('passes over deprecated codes for the next one, and ends after the last', () => {
    const deprecated = catalogue.map((one) =>
      one.stateCode === 10 ? { ...one, deprecatedAt: '2026-03-01T12:00:00.000Z' } : one,
    );
    expect([nextState(deprecated, 5), nextState(deprecated, 7), nextState(deprecated, 100)]).toEqual([
      15,
      15,
      undefined,
    ]);
  });

  it('takes 100 for final where nothing is marked', () => {
    expect(finalState(catalogue.map((one) => ({ ...one, isFinal: false })))).toBe(100);
    expect(finalState(catalogue.map((one) => ({ ...one, isFinal: one.stateCode === 90 })))).toBe(90);
  });
});
