import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DutyWork, silentLogger } from '@buildstate/core';
import { systemClock } from '@buildstate/node-runtime';
import { openStateStore } from '@buildstate/state-stores';
import { DutyRunner } from '../../src/duties/duty-runner.ts';

/**
 * An instance that does one duty again and again, as often as the store lets it, and tells of the beginning and the end
 * of each turn past any buffer. SIGTERM ends it as a server ends.
 * Arguments: URI, its name, milliseconds of a turn, seconds until others take over.
 */
const [uri = '', holder = '', milliseconds = '', ttl = ''] = process.argv.slice(2);

const say = (what: string) => writeSync(1, `${what} ${holder} ${Date.now()}\n`);

const work: DutyWork = {
  name: 'turns',
  purpose: 'Takes turns.',
  everySeconds: 0,
  async run(signal) {
    say('begin');
    await sleep(Number(milliseconds), undefined, { signal }).catch(() => undefined);
    say('end');
    return undefined;
  },
};

const store = await openStateStore(uri);
const metrics = { dutyEnded: () => undefined };
const parts = { store, clock: systemClock, logger: silentLogger, random: Math.random, metrics, holder };
const runner = new DutyRunner([work], parts, { lookSeconds: 0.02, ttlSeconds: Number(ttl) });
process.once('SIGTERM', async () => {
  await runner.stop();
  await store.close();
});
runner.start();
