import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect as connectSocket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askServer } from '../../src/http/ask-server.ts';
import { kyTransport } from '../../src/http/ky-transport.ts';
import { nodeTransport } from '../../src/http/node-transport.ts';
import { type ProxySettings, proxySettings } from '../../src/http/proxy.ts';
import type { HttpTransport } from '../../src/http/transport.ts';
import { faultServer, json } from '../support/fault-server.ts';

/** Passes bytes on until either side ends; what goes wrong shows in the test's own request. */
function relay(from: NodeJS.ReadableStream, to: NodeJS.WritableStream): void {
  pipeline(from, to).catch(() => undefined);
}

/** A proxy that forwards plain requests and opens tunnels, and counts both. */
async function proxyServer() {
  const passed: string[] = [];
  const server = createServer((incoming, outgoing) => {
    passed.push(incoming.url ?? '');
    const { method, headers, url = '' } = incoming;
    const onward = httpRequest(url, { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      relay(response, outgoing);
    });
    relay(incoming, onward);
  });
  server.on('connect', (request, socket, head) => {
    passed.push(request.url ?? '');
    const [host = '', port = '80'] = (request.url ?? '').split(':');
    const target = connectSocket(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      relay(target, socket);
      relay(socket, target);
    });
    target.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, passed };
}

const makers: Readonly<Record<string, (proxy: ProxySettings | undefined) => Promise<HttpTransport>>> = {
  ky: kyTransport,
  node: async (proxy) => nodeTransport(proxy),
};

async function get(transport: HttpTransport, url: string): Promise<string> {
  const { signal } = new AbortController();
  const response = await transport.send({ method: 'GET', url, headers: {}, signal });
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  await transport.close();
  return Buffer.concat(chunks).toString();
}

describe.each(Object.entries(makers))('the proxy settings over %s', (_name, make) => {
  it('send requests through the proxy that HTTP_PROXY names', async () => {
    const server = await faultServer((_request, response) => json(response, 200, { here: true }));
    const proxy = await proxyServer();
    const transport = await make(proxySettings({ HTTP_PROXY: proxy.url }));
    expect(await get(transport, `${server.url}/x`)).toBe('{"here":true}');
    expect(proxy.passed).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });

  it('leave out what NO_PROXY names', async () => {
    const server = await faultServer((_request, response) => json(response, 200, { here: true }));
    const proxy = await proxyServer();
    const transport = await make(proxySettings({ http_proxy: proxy.url, no_proxy: '127.0.0.1' }));
    expect(await get(transport, `${server.url}/x`)).toBe('{"here":true}');
    expect(proxy.passed).toHaveLength(0);
  });
});

it('goes through the proxy for what is asked without a client', async () => {
  const server = await faultServer((_request, response) => json(response, 200, { version: '1.0.0' }));
  const proxy = await proxyServer();
  const question = { url: server.url, path: '/status', body: { a: 1 }, env: { HTTP_PROXY: proxy.url } };
  expect(await askServer(question)).toMatchObject({ status: 200, body: { version: '1.0.0' } });
  expect(proxy.passed).toHaveLength(1);
  expect(server.requests).toMatchObject([{ method: 'POST', body: '{"a":1}' }]);
});

it('looks for no proxy where none is named', () => {
  expect(proxySettings({ NO_PROXY: 'localhost', HTTP_PROXY: '' })).toBeUndefined();
  expect(proxySettings({ https_proxy: 'http://p:1' })).toEqual({ https_proxy: 'http://p:1' });
});
