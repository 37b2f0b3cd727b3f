import { UnauthenticatedError } from '@buildstate/core/light';
import type { Session } from '../session/session.ts';
import { storedKey } from './config-credentials.ts';
import { type Settings, saveSettings } from './config-file.ts';
import { confirm } from './confirm.ts';
import type { FoundTracker } from './find-tracker.ts';
import { originOf } from './origin.ts';

/**
 * Asks once whether an origin that only a project's file names may be sent the key of the environment. Whoever
 * clones a repository has not chosen the server that it names.
 * @throws UnauthenticatedError when it may not, or when there is nobody to ask
 */
async function askForTrust(
  session: Session,
  { where }: FoundTracker,
  origin: string,
  settings: Settings,
): Promise<void> {
  const question = `${where} names the tracker ${origin}. Send BLDST_API_KEY there, now and in future?`;
  const answer = await confirm(session, question);
  if (answer === true) {
    await saveSettings(session.env, { trusted: [...(settings.trusted ?? []), origin] });
    return;
  }
  throw new UnauthenticatedError(
    answer === false
      ? `BLDST_API_KEY was not sent to ${origin}.`
      : `${where} names the tracker ${origin}, and nobody has said that it may be sent BLDST_API_KEY. Pass --trust, name it with --tracker or BLDST_TRACKER, or store a key for it with "bldst auth set-key --tracker ${origin}".`,
  );
}

/**
 * The API key for a tracker. A stored key is only ever sent to the origin that it was stored for; the
 * environment's key goes to whatever the user named, and to an origin of a project's file once that is trusted.
 * @throws UnauthenticatedError when the environment's key would go to an origin that is not trusted
 */
export async function chooseKey(
  session: Session,
  tracker: FoundTracker,
  settings: Settings,
  trust: boolean,
): Promise<string | undefined> {
  const origin = originOf(tracker.url);
  if (origin === undefined) return undefined;
  const { env } = session;
  const stored = storedKey(env, origin);
  const ofEnvironment = env.BLDST_API_KEY || undefined;
  if (tracker.source !== 'project') return ofEnvironment ?? stored;
  if (trust || settings.trusted?.includes(origin)) return ofEnvironment ?? stored;
  if (stored !== undefined || ofEnvironment === undefined) return stored;
  await askForTrust(session, tracker, origin, settings);
  return ofEnvironment;
}
