import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NotFoundError } from '@buildstate/core/light';
import { UsageError } from '../errors/usage-error.ts';
import type { Session } from '../session/session.ts';
import { loadSettings } from './config-file.ts';
import { findTracker } from './find-tracker.ts';
import { originOf, withoutCredentials } from './origin.ts';

/**
 * The address of a store itself: a word's, else that of the store that other commands use.
 * @throws UsageError when it is a server's
 */
export async function storeAddress(
  word: string | undefined,
  session: Pick<Session, 'env' | 'cwd'>,
): Promise<string> {
  const { env } = session;
  const url = word ?? (await findTracker(undefined, loadSettings(env), session)).url;
  if (/^https?:/i.test(url) || originOf(url) !== undefined) {
    throw new UsageError(
      `${withoutCredentials(url)} is a server, not a store. Run this where the server runs, and give the address of ` +
        'its store: postgres://… , or sqlite:/// and the path of its data folder or file.',
    );
  }
  if (/^postgres(ql)?:/i.test(url)) return url;
  const { localPlace } = await import('@buildstate/client');
  return localPlace(fromHere(url, session.cwd), env).uri;
}

/** A relative path, with a scheme before it or without one, begins in the folder that the command runs in. */
function fromHere(url: string, cwd: string): string {
  const [, scheme = '', path = url] = /^([a-z][a-z0-9+.-]+:)(.*)$/i.exec(url) ?? [];
  const whole = path.startsWith('//') || path.startsWith(':') || /^~[\\/]/.test(path);
  return whole || (scheme !== '' && path === '') ? url : `${scheme}${resolve(cwd, path)}`;
}

/**
 * Checks that there is a store at an address, so that a misspelt path is an error and not a new store. Databases and
 * what is in memory say so themselves.
 * @throws NotFoundError
 */
export async function mustBeThere(address: string): Promise<void> {
  const { traceOfStore } = await import('@buildstate/state-stores');
  const trace = traceOfStore(address);
  if (trace === undefined || existsSync(trace)) return;
  const path = fileURLToPath(address.replace(/^sqlite:/, 'file:'));
  throw new NotFoundError(
    `There is no store at ${path}. Is the address right? Stores are made on first use.`,
    { context: { path } },
  );
}
