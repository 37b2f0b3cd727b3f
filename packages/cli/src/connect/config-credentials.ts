import { join } from 'node:path';
import { type Environment, userConfigFolder } from '@buildstate/node-runtime';
import { readJsonObject, writeJsonObject } from './config-file.ts';

/** Where the user's API keys are kept: one file, for its owner's eyes only. */
export function credentialsPath(env: Environment): string {
  return join(userConfigFolder(env), 'credentials.json');
}

function storedKeys(env: Environment): Readonly<Record<string, unknown>> {
  const { keys } = readJsonObject(credentialsPath(env));
  return typeof keys === 'object' && keys !== null ? (keys as Readonly<Record<string, unknown>>) : {};
}

/** The key that was stored for an origin. */
export function storedKey(env: Environment, origin: string): string | undefined {
  const keys = storedKeys(env);
  const key = Object.hasOwn(keys, origin) ? keys[origin] : undefined;
  return typeof key === 'string' && key !== '' ? key : undefined;
}

/** Origins that keys are stored for. */
export function knownOrigins(env: Environment): readonly string[] {
  return Object.keys(storedKeys(env));
}

/** Stores a key for an origin in place of an older one. */
export async function storeKey(env: Environment, origin: string, key: string): Promise<void> {
  await writeJsonObject(credentialsPath(env), { keys: { ...storedKeys(env), [origin]: key } });
}

/** Forgets the key of an origin. Answers whether there was one. */
export async function forgetKey(env: Environment, origin: string): Promise<boolean> {
  const keys = storedKeys(env);
  if (!Object.hasOwn(keys, origin)) return false;
  const { [origin]: _forgotten, ...others } = keys;
  await writeJsonObject(credentialsPath(env), { keys: others });
  return true;
}
