import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
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
