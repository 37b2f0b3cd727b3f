import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment, KeyRingSource } from '@buildstate/node-runtime';

/** The file in a store's folder that holds its keys. */
const fileName = 'keyring.json';

/** The key ring of a store: the environment's, else the one in the store's folder; `undefined` when there is none. */
export async function ringOfStore(address: string, env: Environment): Promise<KeyRingSource | undefined> {
  const { configFromEnvironment, localPlace } = await import('@buildstate/client');
  const named = configFromEnvironment(env).keyRing;
  if (named !== undefined) return named;
  const folder = /^postgres(ql)?:/i.test(address) ? undefined : localPlace(address, env).folder;
  const file = folder === undefined ? undefined : join(folder, fileName);
  return file !== undefined && existsSync(file) ? { file } : undefined;
}
