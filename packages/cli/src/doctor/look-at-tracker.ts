import { localPlace } from '@buildstate/client';
import { describeKeyRing } from '@buildstate/node-runtime';
import { keyRingPlace } from '../connect/key-ring-place.ts';
import { serverStatus } from '../connect/server-status.ts';
import { exitCodes } from '../errors/exit-codes.ts';
import { shortDuration } from '../output/amounts.ts';
import { beginningOf } from '../output/listing.ts';
import { type Finding, failed, findingsOf } from './finding.ts';
import { lookAtDisk } from './look-at-machine.ts';
import type { Patient } from './patient.ts';

/** Clocks that are further apart than this want attention, in milliseconds; further than `badClock`, nothing is right. */
const poorClock = 5000;
const badClock = 5 * 60_000;

/** How far apart the two clocks are, with half of the way there and back taken off. */
export function lookAtClock({ health, asked }: Pick<Patient, 'health' | 'asked'>): Finding {
  const { ok, warn, fail } = findingsOf('clock');
  const difference = Math.abs(Date.parse(health.timestamp) - (asked.at + asked.until) / 2);
  const apart = `The tracker's clock and this machine's are ${shortDuration(difference / 1000)} apart`;
  if (difference >= badClock)
    return fail(`${apart}: leases, retries and expiries go wrong.`, 1, 'timedatectl');
  if (difference >= poorClock) return warn(`${apart}.`, 'timedatectl');
  return ok(difference < 1000 ? 'The clocks agree.' : `${apart}.`);
}

/** Whether server and command line are of the same version. */
export async function lookAtVersions({ client, session }: Patient): Promise<Finding> {
  const { ok, warn } = findingsOf('versions');
  if (client.mode === 'local') return ok(`bldst ${session.version}, with its own store.`);
  try {
    const { version } = await serverStatus(client.uri, session.env);
    if (version === session.version) return ok(`bldst and the server are ${version}.`);
    return warn(
      `bldst is ${session.version}, the server ${version}: use the same.`,
      'npm install --global bldst',
    );
  } catch (error) {
    return failed('versions', error);
  }
}

/** Where a build's artifacts would go: its own base, else that of the newest build. */
async function storageToTry({ client, session, tracker, build }: Patient) {
  if (build !== undefined) return { build };
  const { items } = await beginningOf(client.builds.list({}), 1);
  if (items[0] !== undefined) return { build: items[0].id };
  const folder = client.mode === 'local' ? localPlace(tracker.url, session.env).folder : undefined;
  return folder === undefined ? undefined : { base: `${folder}/artifacts` };
}

/** Whether a small object can be written to where artifacts go, read and deleted. */
export async function lookAtStorage(patient: Patient): Promise<Finding> {
  const { ok, warn } = findingsOf('storage');
  if (patient.caller?.scopes.includes('write') === false) {
    return warn('Not tried: this key may not write.', 'bldst auth set-key');
  }
  try {
    const storage = await storageToTry(patient);
    if (storage === undefined) {
      return warn(
        'Not tried: there is no build yet that says where artifacts go.',
        'bldst build create --project NAME',
      );
    }
    const { base } = await patient.client.artifacts.tryStorage(storage);
    const place = base.startsWith('server:') ? 'the server' : base;
    return ok(`A small object was written to ${place}, read and deleted.`);
  } catch (error) {
    return failed('storage', error);
  }
}

/** Whether there are keys that sign: of local stores alone, because a server keeps its own. */
export async function lookAtKeyRing({ session, tracker }: Patient): Promise<Finding> {
  const { ok, fail } = findingsOf('key ring');
  try {
    const keys = await describeKeyRing(await keyRingPlace({ tracker: tracker.url }, session));
    const signs = keys.find((key) => key.signs);
    if (signs === undefined) {
      return fail(
        'No key of the ring is in use, so nothing can be signed.',
        exitCodes.failed.code,
        'bldst keys rotate',
      );
    }
    return ok(
      `${signs.id} signs; ${keys.length === 1 ? 'it is the only key' : `${keys.length} keys in all`}.`,
    );
  } catch (error) {
    return failed('key ring', error);
  }
}

/** What only a store on this machine has: its disk and its keys. */
export async function lookAtLocalStore(patient: Patient): Promise<Finding[]> {
  const { folder } = localPlace(patient.tracker.url, patient.session.env);
  if (folder === undefined) return [];
  return [await lookAtDisk(folder), await lookAtKeyRing(patient)];
}
