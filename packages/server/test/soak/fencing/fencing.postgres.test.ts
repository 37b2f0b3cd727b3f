import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { expect, it } from 'vitest';
import { TestServer } from '../../support/test-server.ts';
import { pauseHolders } from './fencing.ts';

it('holders that are paused past their time-to-live are refused when they go on, over PostgreSQL', async () => {
  const { url } = await newDatabase();
  const server = await TestServer.start({ store: url });
  expect(await pauseHolders(server.url, 2, 2)).toEqual([]);
  await server.remove();
}, 180_000);
