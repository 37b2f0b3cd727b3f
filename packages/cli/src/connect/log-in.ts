import { fromProblem, RemoteError, UnreachableError } from '@buildstate/core/light';

/** What logging in gives. */
export interface LoggedIn {
  /** The token; used like an API key. */
  readonly token: string;
  /** Seconds for which it is good. */
  readonly expiresIn: number;
}

/** How long the server is waited for, in milliseconds. */
const patience = 10_000;

interface Answer {
  readonly access_token?: unknown;
  readonly expires_in?: unknown;
}

async function jsonOf(response: Response): Promise<object> {
  const value: unknown = await response.json().catch(() => undefined);
  return typeof value === 'object' && value !== null ? value : {};
}

/**
 * Logs in to a server with a name and a password. Redirects are not followed: the password is for this server alone.
 * @throws UnauthenticatedError when they are wrong or the server has no users; UnreachableError; RemoteError
 */
export async function logIn(url: string, username: string, password: string): Promise<LoggedIn> {
  const address = `${url.replace(/\/+$/, '')}/auth/token`;
  let response: Response;
  try {
    response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
      signal: AbortSignal.timeout(patience),
      redirect: 'error',
    });
  } catch (cause) {
    throw new UnreachableError(`${address} does not answer.`, { cause });
  }
  const answer = await jsonOf(response);
  if (!response.ok) throw fromProblem(answer, response.status);
  const { access_token: token, expires_in: expiresIn } = answer as Answer;
  if (typeof token === 'string' && token !== '' && typeof expiresIn === 'number') return { token, expiresIn };
  throw new RemoteError(
    `${address} answered no token: this is not a BuildState server.`,
    'not_a_server',
    'failed',
  );
}
