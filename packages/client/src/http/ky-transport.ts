import ky from 'ky';
import type { ProxySettings } from './proxy.ts';
import type { HttpRequest, HttpResponse, HttpTransport } from './transport.ts';

type Fetch = (request: HttpRequest) => Promise<Response>;

const noBytes: AsyncIterable<Uint8Array> = (async function* () {})();

/** ky's own errors hold the request, and that holds the key. What is inside of them does not. */
function withoutRequest(error: unknown): unknown {
  return error instanceof Error && 'request' in error ? (error.cause ?? new Error(error.message)) : error;
}

/**
 * A fetch that goes through the environment's proxies. undici is loaded only where there are any: Node's own
 * fetch takes no proxy without a switch that must be set before it starts.
 */
async function proxiedFetch(proxy: ProxySettings): Promise<{ fetch: Fetch; close: () => Promise<void> }> {
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxy.http_proxy ?? proxy.HTTP_PROXY,
    httpsProxy: proxy.https_proxy ?? proxy.HTTPS_PROXY,
    noProxy: proxy.no_proxy ?? proxy.NO_PROXY,
  });
  return {
    fetch: async ({ url, method, headers, body, signal }) =>
      (await fetch(url, {
        method,
        headers,
        body,
        signal,
        redirect: 'manual',
        dispatcher,
      })) as unknown as Response,
    close: () => dispatcher.close(),
  };
}

/** Sends requests with ky over the runtime's fetch. ky's retries and time-outs are off: ours are around it. */
export async function kyTransport(proxy: ProxySettings | undefined): Promise<HttpTransport> {
  const proxied = proxy === undefined ? undefined : await proxiedFetch(proxy);
  return {
    async send(request): Promise<HttpResponse> {
      const { url, method, headers, body, signal } = request;
      try {
        const response = await ky(url, {
          method,
          headers,
          body: body as RequestInit['body'],
          signal,
          retry: 0,
          timeout: false,
          throwHttpErrors: false,
          redirect: 'manual',
          ...(proxied !== undefined && { fetch: () => proxied.fetch(request) }),
        });
        return {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          body: response.body ?? noBytes,
        };
      } catch (error) {
        throw withoutRequest(error);
      }
    },
    close: async () => proxied?.close(),
  };
}
