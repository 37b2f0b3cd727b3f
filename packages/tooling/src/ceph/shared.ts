import { inject } from 'vitest';
import type { S3Access } from './start.ts';
import './setup.ts';

/**
 * The S3 server that all `*.ceph.test.ts` files of a run share. Call it in `beforeAll`, with the default
 * `hookTimeout`; the first call waits about 13 s. Use bucket names of your own: other files are there too.
 *
 * @throws {Error} when the server does not start
 */
export async function sharedCephRgw(): Promise<S3Access> {
  const response = await fetch(inject('cephBroker'));
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as S3Access;
}
