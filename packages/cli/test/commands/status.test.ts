import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { ClientOpener } from '../../src/connect/client-opener.ts';
import { openTracker } from '../../src/connect/open-tracker.ts';
import { withServer } from '../support/server.ts';

const { cli } = withServer();

test('shows what the server says about itself', async () => {
  const { json } = await cli(['status', '--json']);
  expect(json).toMatchObject({ mode: 'server', version: '0.1.0', waiting_reports: 0, rejected_reports: 0 });
  expect(json.uptime).toBeGreaterThan(0);
  expect((await cli(['status'])).stdout).toMatch(/^Tracker: +http:\/\/127\.0\.0\.1:\d+\nMode: +server\n/);
});

test('shows the local store', async () => {
  const { json } = await cli(['status', '--json'], { env: { BLDST_TRACKER: undefined } });
  expect(json).toMatchObject({ mode: 'local', status: 'ok', version: '1.2.3', uptime: null });
});

test('counts reports that wait', async () => {
  const env = { BLDST_TRACKER: 'http://127.0.0.1:9' };
  await cli(['build', 'add-state', 'p:1', '--state', '10', '--spool'], { env });
  // The tracker is still away, so there is nobody to be asked.
  expect((await cli(['status'], { env })).code).toBe(7);
});

test('lists the reports that were refused, with the reason', async () => {
  const env = { BLDST_TRACKER: undefined };
  const refused = {
    build: 'linux:42',
    operation: 'recordState' as const,
    eventId: 'event-1',
    state: 30,
    status: 'completed',
    spooledAt: '2026-01-01T00:00:00.000Z',
    code: 'illegal_transition',
    reason: 'State 30 is completed already.',
    rejectedAt: '2026-01-01T01:00:00.000Z',
  };
  const open: ClientOpener = async (...how) => {
    const client = await openTracker(...how);
    const spool = { ...client.spool, waiting: async () => [], rejected: async () => [refused] };
    return new Proxy(client, {
      get(target, name) {
        if (name === 'spool') return spool;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  const now = () => Date.parse('2026-01-01T02:00:00Z');
  const { stdout } = await cli(['status'], { env, open, now });
  expect(stdout).toMatch(/^Reports refused: +1$/m);
  expect(stdout).toMatch(/^linux:42 +30 +completed +2h ago +event-1 +State 30 is completed already\.$/m);
  const { json } = await cli(['status', '--json'], { env, open, now });
  expect(json).toMatchObject({ rejected_reports: 1, rejected: [{ event_id: 'event-1', state: 30 }] });
});

test('something else than a tracker is named as such', async () => {
  const other = createServer((_, response) =>
    response.end('{"status":"ok","timestamp":"2026-01-01T00:00:00Z"}'),
  );
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const { code, stderr } = await cli(['status', '--tracker', url]);
  other.close();
  expect(code).not.toBe(0);
  expect(stderr).toContain(url);
});
