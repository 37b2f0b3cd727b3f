import { askServer } from '@buildstate/client';
import { fromProblem } from '@buildstate/core/light';
import type { Environment } from '@buildstate/node-runtime';
import { notAServer } from './not-a-server.ts';

/** What logging in gives. */
export interface LoggedIn {
  /** The token; used like an API key. */
  readonly token: string;
  /** Seconds for which it is good. */
  readonly expiresIn: number;
}

/** Who logs in, and where. */
export interface Login {
  /** The server's address. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** The environment, for its proxies. */
  readonly env: Environment;
}

interface Answer {
  readonly access_token?: unknown;
  readonly expires_in?: unknown;
}

/**
 * Logs in to a server with a name and a password. Redirects are not followed: the password is for this server alone.
 * @throws UnauthenticatedError when they are wrong or the server has no users; UnreachableError; RemoteError
 */
export async function logIn({ url, username, password, env }: Login): Promise<LoggedIn> {
  const reply = await askServer({ url, path: '/auth/token', body: { username, password }, env });
  if (reply.status >= 400) throw fromProblem(reply.body, reply.status);
  const { access_token: token, expires_in: expiresIn } = reply.body as Answer;
  if (typeof token === 'string' && token !== '' && typeof expiresIn === 'number') return { token, expiresIn };
  throw notAServer(reply);
}
