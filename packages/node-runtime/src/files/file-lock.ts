import { open, readFile, rm } from 'node:fs/promises';
import type { HolderIdentity } from '@buildstate/core';
import { ConfigurationError } from '@buildstate/core/light';
import { currentIdentity } from '../identity/current-identity.ts';
import { holderGone } from '../identity/holder-gone.ts';
import { isErrorWithCode } from './error-code.ts';

/** Who left the lock, or `undefined` while that is not written yet. */
async function ownerOf(path: string): Promise<HolderIdentity | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as HolderIdentity;
  } catch (error) {
    if (error instanceof SyntaxError || isErrorWithCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function refusal(file: string, path: string, cause: unknown): Promise<ConfigurationError> {
  const owner = await ownerOf(path);
  const who = owner === undefined ? 'another process' : `process ${owner.pid ?? '?'} on ${owner.host}`;
  // Not taken over: of two processes that do so at once, one would remove the other's fresh lock.
  const ended = owner !== undefined && holderGone(owner) ? ', which has ended' : '';
  return new ConfigurationError(
    `${file} is being changed by ${who}${ended}. If that is over, remove ${path} and try again.`,
    { cause },
  );
}

/**
 * Runs `work` while no other process does the same for this file.
 * @param file the file to be changed; the lock is `<file>.lock` beside it
 * @throws ConfigurationError at once when the lock is there; it says who made it and whether that one has ended
 */
export async function withFileLock<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  const path = `${file}.lock`;
  try {
    await using handle = await open(path, 'wx', 0o600);
    await handle.writeFile(JSON.stringify(currentIdentity()));
  } catch (error) {
    throw isErrorWithCode(error, 'EEXIST') ? await refusal(file, path, error) : error;
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}
