import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { isContinuousIntegration } from '../continuous-integration.ts';
import { missingCephPrograms } from './availability.ts';
import { type CephRgw, startCephRgw } from './start.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test files ask for the gateway that they share. */
    cephBroker: string;
  }
}

/**
 * Runs around the tests of a project that has `*.ceph.test.ts` files. The gateway takes 13 s to start, so it
 * starts when the first test file asks for it and then serves all of them.
 *
 * @throws {Error} in CI when Ceph is not installed
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const missing = missingCephPrograms();
  if (missing.length > 0) {
    const what = `${project.name}: the tests against a real S3 server need Ceph; missing: ${missing.join(', ')}`;
    if (isContinuousIntegration()) throw new Error(what);
    console.warn(`LEFT OUT (*.ceph.test.ts) ${what}`);
  }
  let gateway: Promise<CephRgw> | undefined;
  const broker = createServer((_request, response) => {
    gateway ??= startCephRgw();
    gateway.then(
      ({ stop: _stop, ...access }) => response.end(JSON.stringify(access)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  project.provide('cephBroker', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`);
  return async () => {
    broker.closeAllConnections();
    broker.close();
    // A failed start has been answered to the test that asked, and has nothing to stop.
    const started = await gateway?.catch(() => undefined);
    await started?.stop();
  };
}
