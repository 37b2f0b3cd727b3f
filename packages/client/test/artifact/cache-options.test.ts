import { ConfigurationError, silentLogger } from '@buildstate/core/light';
import { describe, expect, it } from 'vitest';
import { cacheOptions } from '../../src/artifact/cache-options.ts';

const options = (env: Record<string, string>) => cacheOptions({ HOME: '/home/u', ...env }, silentLogger);

describe('the settings of the cache of artifacts', () => {
  it('are off unless a size is given', () => {
    expect(options({})).toBeUndefined();
    expect(options({ BLDST_CACHE_SIZE: ' ' })).toBeUndefined();
    expect(options({ BLDST_CACHE_SIZE: '0' })).toBeUndefined();
  });

  it.each([
    ['1000', 1000],
    ['1000B', 1000],
    ['2k', 2048],
    ['1.5 MiB', 1_572_864],
    ['20GiB', 20 * 2 ** 30],
    ['20gb', 20 * 2 ** 30],
    ['1T', 2 ** 40],
  ])('understand %s', (text, maxBytes) => {
    expect(options({ BLDST_CACHE_SIZE: text })?.maxBytes).toBe(maxBytes);
  });

  it.each(['lots', '-1', '1 PiB', '1,5G', 'GiB'])('refuse %s', (text) => {
    expect(() => options({ BLDST_CACHE_SIZE: text })).toThrow(ConfigurationError);
    expect(() => options({ BLDST_CACHE_SIZE: text })).toThrow(/BLDST_CACHE_SIZE/);
  });

  it('name the folder', () => {
    const named = { BLDST_CACHE_SIZE: '1G', BLDST_CACHE_DIR: '/var/cache/images' };
    expect(options(named)?.folder).toBe('/var/cache/images');
    expect(options({ BLDST_CACHE_SIZE: '1G', XDG_CACHE_HOME: '/x' })?.folder).toBe('/x/buildstate/artifacts');
  });
});
