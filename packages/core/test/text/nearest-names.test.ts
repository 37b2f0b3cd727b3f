import { describe, expect, it } from 'vitest';
import { nearestNames } from '../../src/index.ts';
import { cpuMs } from '../support/cpu-time.ts';

const states = ['security-baseline', 'security-scan', 'storage-config', 'network-config', 'initial'];

describe('nearest names', () => {
  it.each([
    ['security-basline', ['security-baseline']],
    ['Securty-Scan', ['security-scan']],
    ['config', ['network-config', 'storage-config']],
    ['secruity', []],
    ['zzz', []],
    ['', []],
  ])('of %j are %j', (wanted, names) => {
    expect(nearestNames(wanted, states).sort()).toEqual(names.sort());
  });

  it('come nearest first, three at most', () => {
    expect(nearestNames('stat', ['state', 'start', 'status', 'stats', 'message'])).toHaveLength(3);
    expect(nearestNames('mesage', ['passage', 'message'])[0]).toBe('message');
    expect(nearestNames('STATE', ['State_Name', 'state'])[0]).toBe('state');
  });

  it('are none where more than half of a short name is wrong', () => {
    expect(nearestNames('q', ['id', 'ip'])).toEqual([]);
    expect(nearestNames('io', ['id', 'ip'])).toEqual(['id', 'ip']);
  });

  it('take little time for long texts', () => {
    const before = cpuMs();
    nearestNames(
      'x'.repeat(1_000_000),
      Array.from({ length: 100 }, () => 'y'.repeat(1_000_000)),
    );
    expect(cpuMs() - before).toBeLessThan(1000);
  });
});
