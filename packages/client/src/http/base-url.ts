import { ConfigurationError } from '@buildstate/core/light';

/** Where a server is, and what must be sent to come through to it. */
export interface BaseUrl {
  /** Scheme, host, port and path prefix, without credentials and without a slash at the end. */
  readonly uri: string;
  /** Scheme, host and port. */
  readonly origin: string;
  /** `Authorization` for a proxy in front of the server, when the URL held a user and password. */
  readonly authorization?: string;
}

function basic(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined;
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/**
 * Reads a server's URL. Credentials in it are taken out, so that no message can show them.
 * @throws ConfigurationError when it is no URL, or has a query or a fragment
 */
export function parseBaseUrl(text: string): BaseUrl {
  // The text may hold a password, so it is not repeated here.
  if (!URL.canParse(text)) {
    throw new ConfigurationError(
      "The tracker's URL cannot be read. Write it like https://buildstate.example.com or http://127.0.0.1:8080.",
    );
  }
  const url = new URL(text);
  const uri = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  if (url.search !== '' || url.hash !== '') {
    throw new ConfigurationError(`The tracker's URL must end after its path: ${uri}`);
  }
  const authorization = basic(url);
  return { uri, origin: url.origin, ...(authorization !== undefined && { authorization }) };
}
