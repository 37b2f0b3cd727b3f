import type { Agent, IncomingHttpHeaders, RequestOptions } from 'node:http';
import type { ProxySettings } from './proxy.ts';
import type { HttpRequest, HttpResponse, HttpTransport } from './transport.ts';

/**
 * Importing `node:http` from an ES module makes Node read undici for its named exports, which costs more than all
 * else together in a short command; asking for the module does not.
 */
function httpModule(protocol: string): typeof import('node:http') {
  return protocol === 'https:'
    ? (process.getBuiltinModule('node:https') as unknown as typeof import('node:http'))
    : process.getBuiltinModule('node:http');
}

function flat(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(entries);
}

class NodeTransport implements HttpTransport {
  readonly #agents = new Map<string, Agent>();
  readonly #proxy: ProxySettings | undefined;

  constructor(proxy: ProxySettings | undefined) {
    this.#proxy = proxy;
  }

  send({ url, method, headers, body, signal }: HttpRequest): Promise<HttpResponse> {
    const target = new URL(url);
    const options: RequestOptions = {
      method,
      signal,
      agent: this.#agent(target.protocol),
      headers: {
        ...headers,
        ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
      },
    };
    return new Promise((resolve, reject) => {
      const request = httpModule(target.protocol).request(target, options, (response) => {
        resolve({ status: response.statusCode ?? 0, headers: flat(response.headers), body: response });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  async close(): Promise<void> {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  #agent(protocol: string): Agent {
    const known = this.#agents.get(protocol);
    if (known !== undefined) return known;
    const { Agent } = httpModule(protocol);
    const agent = new Agent({ keepAlive: true, ...(this.#proxy !== undefined && { proxyEnv: this.#proxy }) });
    this.#agents.set(protocol, agent);
    return agent;
  }
}

/** Sends requests with node:http, without dependencies: it starts fastest, and artifact bytes go through it. */
export function nodeTransport(proxy: ProxySettings | undefined): HttpTransport {
  return new NodeTransport(proxy);
}
