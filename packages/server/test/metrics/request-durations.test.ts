import { Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { RequestDurations } from '../../src/metrics/request-durations.ts';

const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

it('durations of requests are shown as a histogram of the library shows them', async () => {
  const [own, library] = [new Registry(), new Registry()];
  const durations = new RequestDurations(own);
  const histogram = new Histogram({
    name: 'buildstate_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: bounds,
    registers: [library],
  });
  for (const seconds of [0, 0.001, 0.0011, 0.3, 10, 11, 600, ...bounds]) {
    for (const [route, status] of [
      ['/builds', 200],
      ['/builds', 404],
      ['/a"b', 200],
    ] as const) {
      durations.answered('GET', route, status, seconds);
      histogram.observe({ method: 'GET', route, status: String(status) }, seconds);
    }
  }
  expect(await own.metrics()).toBe(await library.metrics());
  durations.reset();
  histogram.reset();
  expect(await own.metrics()).toBe(await library.metrics());
});
