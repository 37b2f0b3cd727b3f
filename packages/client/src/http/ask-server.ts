import { RemoteError, UnreachableError } from '@buildstate/core/light';
import type { Environment } from '@buildstate/node-runtime';
import { nodeTransport } from './node-transport.ts';
import { proxySettings } from './proxy.ts';
import { readBody } from './read-body.ts';

/** A question to a server that needs no client: before there is a key, or about the server itself. */
export interface ServerQuestion {
  /** The server's address. */
  readonly url: string;
  /** The path below it. */
  readonly path: string;
  /** What is posted, as JSON. @default nothing is, and it is a GET */
  readonly body?: object;
  /** The environment, for its proxies. */
  readonly env: Environment;
}

/** What a server said. */
export interface ServerReply {
  /** The status. */
  readonly status: number;
  /** The JSON object; empty where it was none. */
  readonly body: object;
  /** What was asked, for messages. */
  readonly address: string;
}

/** How long a server is waited for, in milliseconds. */
const patience = 10_000;
/** Answers are small. */
const mostBytes = 65_536;

function parsed(bytes: Uint8Array): object {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString());
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // Whoever asked says what was expected instead.
    return {};
  }
}

/**
 * Asks a server one thing, once: through the environment's proxies, without following redirects, because what is
 * posted is for this server alone.
 * @throws UnreachableError when it does not answer in time; LimitError when it answers too much; RemoteError when it
 *   sends elsewhere
 */
export async function askServer({ url, path, body, env }: ServerQuestion): Promise<ServerReply> {
  const address = url.replace(/\/+$/, '') + path;
  const transport = nodeTransport(proxySettings(env));
  try {
    const response = await transport
      .send({
        url: address,
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(patience),
      })
      .catch((cause: unknown) => {
        throw new UnreachableError(`${address} does not answer.`, { cause });
      });
    const { status, headers } = response;
    const bytes = await readBody(response, mostBytes, address);
    if (status >= 300 && status < 400) {
      throw new RemoteError(
        `${address} sends elsewhere (${headers.location ?? status}). Name the server by the address that answers itself.`,
        'redirected',
        'failed',
      );
    }
    return { status, body: parsed(bytes), address };
  } finally {
    await transport.close();
  }
}
