import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { isContinuousIntegration } from '../continuous-integration.ts';
import { postgresPrograms } from './availability.ts';
import { Databases } from './databases.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test files ask for databases of the server that they share. */
    postgresBroker: string;
  }
}

async function serve(
  databases: Databases,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'POST') {
    response.end(JSON.stringify(await databases.create()));
    return;
  }
  await databases.drop((request.url ?? '').slice(1));
  response.end();
}

/**
 * Runs around the tests of a project that has `*.postgres.test.ts` files. The server starts when the first test asks
 * for a database and then serves all of them.
 *
 * @throws {Error} in CI when PostgreSQL is not installed
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (postgresPrograms() === undefined) {
    const what = `${project.name}: the tests on a real PostgreSQL need its server (Debian: postgresql)`;
    if (isContinuousIntegration()) throw new Error(what);
    console.warn(`LEFT OUT (*.postgres.test.ts) ${what}`);
  }
  const databases = new Databases();
  const broker = createServer((request, response) => {
    serve(databases, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  project.provide('postgresBroker', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`);
  return async () => {
    broker.closeAllConnections();
    broker.close();
    await databases.close();
  };
}
