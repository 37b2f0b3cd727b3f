import type { LogFields } from '@buildstate/core';
import { silentLogger } from '@buildstate/core/light';
import { describe, expect, it } from 'vitest';
import { withLog } from '../../src/index.ts';
import { failingBackend, permanent } from './failing-backend.ts';

describe('a logged backend', () => {
  it('logs every call with what it moved, and failures with their reason, but no bytes', async () => {
    const lines: [string, string, LogFields][] = [];
    const logger = {
      ...silentLogger,
      debug: (fields: LogFields, message: string) => void lines.push(['debug', message, fields]),
      warn: (fields: LogFields, message: string) => void lines.push(['warn', message, fields]),
    };
    const { backend, failures } = failingBackend();
    const logged = withLog(backend, { logger });
    await logged.put('key', Buffer.from('secret content'));
    failures.push(permanent());
    await expect(logged.delete('key')).rejects.toThrow('Never.');
    expect(lines).toMatchObject([
      ['debug', 'put of memory:/key', { operation: 'put', bytes: 14 }],
      ['warn', 'delete of memory:/key failed', { operation: 'delete', kind: 'failed', message: 'Never.' }],
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret content');
  });
});
