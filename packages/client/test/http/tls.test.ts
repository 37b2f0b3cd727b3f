import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { UnreachableError } from '@buildstate/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { faultServer, json } from '../support/fault-server.ts';
import { failure, httpDoor, transports } from '../support/http-door.ts';
import { certificate, key } from '../support/self-signed.ts';

async function selfSignedServer() {
  let requests = 0;
  const server = createServer({ key, cert: certificate }, (_request, response) => {
    requests += 1;
    json(response, 200, []);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, requests: () => requests };
}

describe.each(Object.keys(transports))('TLS over %s', (transport) => {
  it('fails on a certificate that nobody has signed, says how to accept it, and does not try again', async () => {
    const server = await selfSignedServer();
    const door = await httpDoor(server.url, transport);
    const error = await failure(door.call('listBuilds', {}));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toMatch(/its certificate is not accepted \(.*SELF_SIGNED.*\).*NODE_EXTRA_CA_CERTS/);
    expect(server.requests()).toBe(0);
  });

  it('does not fall back to plain HTTP where no TLS is spoken', async () => {
    const server = await faultServer((_request, response) => json(response, 200, []));
    const door = await httpDoor(server.url.replace('http:', 'https:'), transport);
    const error = await failure(door.call('listBuilds', {}));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toMatch(/no TLS is spoken there/);
    expect(server.requests).toHaveLength(0);
  });
});
