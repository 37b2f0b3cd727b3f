import { describe, expect, it } from 'vitest';
import { userCacheFolder, userConfigFolder, userDataFolder, userStateFolder } from '../../src/index.ts';

describe("the user's folders", () => {
  it('follow XDG on Linux', () => {
    const options = { platform: 'linux', home: '/home/u' } as const;
    expect(userDataFolder({}, options)).toBe('/home/u/.local/share/buildstate');
    expect(userConfigFolder({}, options)).toBe('/home/u/.config/buildstate');
    expect(userStateFolder({}, options)).toBe('/home/u/.local/state/buildstate');
    expect(userCacheFolder({}, options)).toBe('/home/u/.cache/buildstate');
    expect(userDataFolder({ XDG_DATA_HOME: '/x' }, options)).toBe('/x/buildstate');
  });

  it('ignore relative XDG values, as its specification asks', () => {
    expect(userConfigFolder({ XDG_CONFIG_HOME: 'x' }, { platform: 'linux', home: '/home/u' })).toBe(
      '/home/u/.config/buildstate',
    );
  });

  it('take the home folder from the environment that they are given', () => {
    expect(userStateFolder({ HOME: '/elsewhere' }, { platform: 'linux' })).toBe(
      '/elsewhere/.local/state/buildstate',
    );
  });

  it('follow the habits of macOS', () => {
    expect(userDataFolder({}, { platform: 'darwin', home: '/Users/u' })).toBe(
      '/Users/u/Library/Application Support/buildstate',
    );
  });
});
