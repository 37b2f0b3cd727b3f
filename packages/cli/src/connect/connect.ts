import type { BuildStateClient } from '@buildstate/client';
import type { Session } from '../session/session.ts';
import { chooseKey } from './choose-key.ts';
import { loadSettings } from './config-file.ts';
import { findTracker } from './find-tracker.ts';

/** What a command line says about the tracker. */
export interface ConnectRequest {
  /** The value of `--tracker`. */
  readonly tracker?: string | undefined;
  /** Whether the environment's key may go to a tracker that only the project's file names. */
  readonly trust: boolean;
  /** Whether artifact bytes will be moved. */
  readonly movesBytes: boolean;
}

/**
 * Opens the tracker that the command line, the environment or the configuration names.
 * @throws UnauthenticatedError, ConfigurationError, and whatever opening it throws
 */
export async function connect(session: Session, request: ConnectRequest): Promise<BuildStateClient> {
  const { env } = session;
  const settings = loadSettings(env);
  const tracker = await findTracker(request.tracker, settings, session);
  const apiKey = await chooseKey(session, tracker, settings, request.trust);
  return session.open({ url: tracker.url, apiKey, movesBytes: request.movesBytes, env });
}
