import { join, resolve } from 'node:path';
import { configFromEnvironment, localPlace } from '@buildstate/client';
import type { KeyRingSource } from '@buildstate/node-runtime';
import { UsageError } from '../errors/usage-error.ts';
import type { Session } from '../session/session.ts';
import { loadSettings } from './config-file.ts';
import { findTracker } from './find-tracker.ts';
import { originOf } from './origin.ts';

/** What a command line says about a key ring. */
export interface KeyRingFlags {
  /** The file itself. */
  readonly file?: string | undefined;
  /** The data folder of a server. */
  readonly 'data-dir'?: string | undefined;
  /** The tracker. */
  readonly tracker?: string | undefined;
}

/** The name of the file in the folder of a server or a local store. */
const fileName = 'keyring.json';

/**
 * The key ring that a command line, the environment or the local store names.
 * @throws UsageError when the tracker is a server, whose ring is on its own machine, or has none of its own
 */
export async function keyRingPlace(
  flags: KeyRingFlags,
  session: Pick<Session, 'env' | 'cwd'>,
): Promise<KeyRingSource> {
  const { env, cwd } = session;
  if (flags.file !== undefined) return { file: resolve(cwd, flags.file) };
  const folder = flags['data-dir'];
  if (folder !== undefined) return { file: join(resolve(cwd, folder), fileName) };
  const named = configFromEnvironment(env).keyRing;
  if (named !== undefined) return named;
  const { url } = await findTracker(flags.tracker, loadSettings(env), session);
  const place = originOf(url) === undefined ? localPlace(url, env) : undefined;
  if (place?.folder !== undefined) return { file: join(place.folder, fileName) };
  throw new UsageError(
    place === undefined
      ? `The key ring of ${url} is on the machine that it runs on. Run this there, with --data-dir DIR.`
      : `${url} has no key ring of its own. Name one with --file, or with BLDST_KEYRING_FILE.`,
  );
}
