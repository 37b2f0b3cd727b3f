import { afterEach, describe, expect, it } from 'vitest';
import { TestServer } from '../support/test-server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.remove();
  server = undefined;
});

describe('/metrics', () => {
  it('measures requests by route, never by path, and counts transitions', async () => {
    server = await TestServer.start();
    const build = await server.newBuild();
    await server.send(`/builds/${build}/state`, { body: { state: 5 } });
    await server.send(`/builds/${build}/state`, { body: { state: 10, status: 'failed' } });
    await server.send(`/builds/${build}/retry`, { method: 'POST' });
    await server.send(`/builds/${build}/rollback`, { body: { target_state: 0 } });
    await server.send(`/builds/${build}/state`, { body: { state: 101 } });
    await server.send('/somewhere/else');
    const { text, headers } = await server.send('/metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0.0.4/);
    expect(text).not.toContain(build);
    expect(text).not.toContain('/somewhere');
    const count = (labels: string) =>
      new RegExp(`^buildstate_http_request_duration_seconds_count\\{${labels}\\} (\\d+)$`, 'm').exec(
        text,
      )?.[1];
    expect(count('method="POST",route="/builds/:build_id/state",status="201"')).toBe('2');
    expect(count('method="POST",route="/builds/:build_id/state",status="422"')).toBe('1');
    expect(count('method="GET",route="unknown",status="404"')).toBe('1');
    for (const status of ['completed', 'failed', 'manual_retry', 'rolled_back']) {
      expect(text).toContain(`buildstate_transitions_total{status="${status}"} 1`);
    }
    expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
  });

  it('needs a read key, unless it is opened', async () => {
    server = await TestServer.start();
    expect((await server.send('/metrics', { key: null })).status).toBe(401);
    expect((await server.send('/metrics', { key: 'readonly-key-888' })).status).toBe(200);
    await server.remove();
    server = await TestServer.start({ openMetrics: true });
    expect((await server.send('/metrics', { key: null })).status).toBe(200);
    expect((await server.send('/openapi.json')).json().paths['/metrics'].get.security).toEqual([]);
  });
});
