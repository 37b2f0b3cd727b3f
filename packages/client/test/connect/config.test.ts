import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { configFromEnvironment } from '../../src/config.ts';

describe('the configuration from the environment', () => {
  it('is what the variables say, with empty ones counting as missing', () => {
    const config = configFromEnvironment({
      BLDST_TRACKER: ' https://tracker ',
      BLDST_API_URL: 'https://other',
      BLDST_API_KEY: 'k',
      BLDST_BUILD_ID: 'b',
      BLDST_DATA_DIR: '',
      BLDST_SPOOL_DIR: '/spool',
      BLDST_KEYRING_FILE: '/ring',
      BUILD_ID: 'not ours',
    });
    expect({ ...config, apiKey: config.apiKey, keyRing: config.keyRing }).toEqual({
      tracker: 'https://tracker',
      apiKey: 'k',
      buildId: 'b',
      dataFolder: undefined,
      spoolFolder: '/spool',
      keyRing: { file: '/ring' },
    });
    expect(configFromEnvironment({ BLDST_API_URL: 'https://other' }).tracker).toBe('https://other');
    expect(configFromEnvironment({}).keyRing).toBeUndefined();
  });

  it('does not show secrets to who looks at it or writes it down', () => {
    const env = {
      BLDST_API_KEY: 'canary-1',
      BLDST_KEYRING: 'canary-2',
      ARTIFACT_SIGNING_KEY: 'canary-3',
      OTHER: 'canary-4',
    };
    const config = configFromEnvironment(env);
    expect(config.keyRing).toEqual({ inline: 'canary-2', single: 'canary-3' });
    expect(`${inspect(config, { depth: 9 })} ${JSON.stringify(config)}`).not.toContain('canary');
  });

  it('is the process’s own when nothing is handed in', () => {
    process.env.BLDST_BUILD_ID = 'from-the-process';
    expect(configFromEnvironment().buildId).toBe('from-the-process');
    delete process.env.BLDST_BUILD_ID;
  });
});
