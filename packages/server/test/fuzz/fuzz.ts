import { Agent } from 'node:http';
import fc from 'fast-check';
import { devKeys } from '../support/test-server.ts';
import { type ApiDocument, type FuzzRequest, requestsOf } from './request-arbitrary.ts';
import type { KnownValues } from './schema-arbitrary.ts';
import { type FuzzAnswer, send } from './send.ts';

/** How long and how hard a server is fuzzed. */
export interface FuzzOptions {
  /** How many requests are sent. */
  readonly requests: number;
  /** Where the generator begins; the same seed sends the same requests. */
  readonly seed: number;
  /** Requests at the same time. @default 8 */
  readonly together?: number;
}

/** A request whose answer was none that a client may get. */
export interface Fault {
  readonly request: FuzzRequest;
  readonly why: string;
}

/** What came of it. */
export interface FuzzResult {
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly faults: readonly Fault[];
  /** The longest time that an answer took, in milliseconds. */
  readonly slowestMs: number;
}

const deadlineMs = 15_000;
const batch = 500;
const mostFaults = 20;

/** What is wrong with an answer; `undefined` for a good one. */
function problemWith(method: string, { status, type, text }: FuzzAnswer): string | undefined {
  if (status >= 500 || status < 200) return `answered ${status}: ${text.slice(0, 300)}`;
  if (status < 400 || method === 'HEAD') return undefined;
  if (!type.startsWith('application/problem+json')) return `${status} is no problem document but ${type}`;
  const problem = JSON.parse(text) as {
    readonly status?: unknown;
    readonly code?: unknown;
    readonly detail?: unknown;
  };
  const whole =
    problem.status === status && typeof problem.code === 'string' && typeof problem.detail === 'string';
  return whole ? undefined : `${status} has an incomplete problem document: ${text.slice(0, 300)}`;
}

/** Makes a few things to be found by the ids in requests. */
async function makeKnown(url: string): Promise<KnownValues> {
  const post = async (path: string, body: object) => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'x-api-key': devKeys.admin, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { readonly id: string };
  };
  const project = await post('/projects', { name: 'fuzz' });
  const builds = [await post('/builds', { project: 'fuzz' }), await post('/builds', { project: 'fuzz' })];
  const artifacts = await Promise.all(
    builds.map(({ id }) =>
      post(`/builds/${id}/artifacts`, {
        state_code: 5,
        artifact_name: 'disk',
        artifact_type: 'image',
        artifact_path: 's3://bucket/disk',
        storage_backend: 's3',
      }),
    ),
  );
  return {
    project_id: [project.id, 'fuzz'],
    project: ['fuzz'],
    build_id: [...builds.map(({ id }) => id), 'fuzz:1'],
    artifact_id: [...artifacts.map(({ id }) => id), 'disk'],
    state_code: ['5', '10', 'default'],
    user_id: ['me'],
    number: ['1', '2'],
  };
}

/** Sends requests that are made from the server's own document, and looks at every answer. */
export async function fuzz(url: string, { requests, seed, together = 8 }: FuzzOptions): Promise<FuzzResult> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as ApiDocument;
  const arbitrary = requestsOf(document, await makeKnown(url));
  const agent = new Agent({ keepAlive: true, maxSockets: together });
  const port = Number(new URL(url).port);
  const statuses: Record<string, number> = {};
  const faults: Fault[] = [];
  let slowestMs = 0;

  async function one(request: FuzzRequest): Promise<void> {
    const begin = performance.now();
    try {
      const answer = await send(agent, port, request, deadlineMs);
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      const why = problemWith(request.method, answer);
      if (why !== undefined) faults.push({ request, why });
    } catch (error) {
      faults.push({ request, why: `no answer: ${String(error)}` });
    }
    slowestMs = Math.max(slowestMs, performance.now() - begin);
  }

  for (let sent = 0; sent < requests && faults.length < mostFaults; sent += batch) {
    const numRuns = Math.min(batch, requests - sent);
    const waiting = fc.sample(arbitrary, { numRuns, seed: seed + sent })[Symbol.iterator]();
    const worker = async () => {
      for (const request of waiting) await one(request);
    };
    await Promise.all(Array.from({ length: together }, worker));
  }
  agent.destroy();
  return { statuses, faults, slowestMs: Math.round(slowestMs) };
}
