import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What is done with one request. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse, number: number) => void;

/** A server on loopback that misbehaves as it is told. */
export interface FaultServer {
  /** Where it listens. */
  readonly url: string;
  /** What has arrived. */
  readonly requests: readonly SeenRequest[];
  /** Connections that were made. */
  readonly connections: () => number;
  /** The server itself. */
  readonly server: Server;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Listens on a free port until the test ends; `behave` is asked for every request, with its number from 1. */
export async function faultServer(behave: Behaviour): Promise<FaultServer> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((request, response) => {
    bodyOf(request).then(
      (body) => {
        const { method = '', url = '', headers } = request;
        behave(request, response, requests.push({ method, url, headers, body }));
      },
      // The client went away while it sent: there is nobody to answer.
      () => undefined,
    );
  });
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, connections: () => connections, server };
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

/** Answers with a problem document. */
export function problem(
  response: ServerResponse,
  status: number,
  code: string,
  detail: string,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
  response.end(JSON.stringify({ type: `/problems/${code}`, title: code, status, code, detail }));
}
