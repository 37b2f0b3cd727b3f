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
  /** Called at the beginning of each round with how many requests have been handed out. */
  readonly onRound?: (sent: number) => void;
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
  /** Of the requests that came with a good key: how many were decided on by what does them, not by checks before it. */
  readonly reached: number;
  /** Requests that came with a good key. */
  readonly authenticated: number;
  /** The longest time that an answer took, in milliseconds. */
  readonly slowestMs: number;
}

/** Longer than a claim may wait for a build, which is half a minute. */
const deadlineMs = 50_000;
/** Requests of a round; after it, what they removed or ended is made anew. */
const batch = 100;
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

/** Codes of what is refused before anything looks at the thing that a request is about. */
const refusedBefore =
  /"code":"(malformed|validation_failed|forbidden|not_found|method_not_allowed|unsupported_media_type|payload_too_large)"/;

function isReached({ status, text }: FuzzAnswer): boolean {
  return status < 400 || !refusedBefore.test(text);
}

/** Makes a few things to be found by the ids in requests, with names of their own in each round. */
async function makeKnown(url: string, round: number): Promise<KnownValues> {
  const post = async (path: string, body: object) => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'x-api-key': devKeys.admin, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { readonly id: string };
  };
  const name = `fuzz-${round}`;
  const project = await post('/projects', { name });
  const build = await post('/builds', { project: name });
  const other = await post('/builds', { project: name });
  const path = `/builds/${build.id}`;
  await post(`${path}/variables`, { variable_key: 'zone', variable_value: 'north' });
  await post(`${path}/state`, { state: 5 });
  const place = { artifact_path: 's3://bucket/disk', storage_backend: 's3' };
  const disk = { state_code: 5, artifact_name: 'disk', artifact_type: 'image', ...place };
  const artifact = await post(`${path}/artifacts`, disk);
  const job = await post(`${path}/jobs`, { platform: 'jenkins' });
  await post(`${path}/failure`, { state: 10, error_message: 'timed out' });
  const request = await post(`${path}/resume`, {});
  await post(`/projects/${project.id}/resumable-states`, { state_code: 10 });
  const token = await post('/users/me/tokens', { name, scopes: ['read'] });
  const kinds = ['platforms', 'os-distributions', 'os-versions', 'image-types', 'image-variants'];
  for (const kind of [...kinds, 'cloud-providers']) await post(`/${kind}`, { name });
  return {
    project_id: [project.id, name],
    project: [name],
    name: [name],
    build_id: [build.id, build.id, build.id, `${name}:1`, other.id],
    artifact_id: [artifact.id],
    parent_id: [artifact.id],
    token_id: [token.id],
    request_id: [request.id],
    job_id: [job.id],
    id: [name],
    ids: [`${build.id},${other.id}`],
    variable_key: ['zone'],
    user_id: ['me'],
    state_code: ['5', '10'],
    state: ['5', '10', '15', '20'],
    state_name: ['base-image'],
    number: ['1', '2'],
    limit: ['1', '10', '1000'],
    skip: ['0', '1'],
    period: ['24h', '7d', '4w'],
    wait_seconds: ['0', '1'],
  };
}

/** Sends requests that are made from the server's own document, and looks at every answer. */
export async function fuzz(
  url: string,
  { requests, seed, together = 8, onRound }: FuzzOptions,
): Promise<FuzzResult> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as ApiDocument;
  const agent = new Agent({ keepAlive: true, maxSockets: together });
  const port = Number(new URL(url).port);
  const statuses: Record<string, number> = {};
  const faults: Fault[] = [];
  let slowestMs = 0;
  let reached = 0;
  let authenticated = 0;

  async function one(request: FuzzRequest): Promise<void> {
    const begin = performance.now();
    try {
      const answer = await send(agent, port, request, deadlineMs);
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      if (answer.status !== 401) authenticated += 1;
      if (answer.status !== 401 && isReached(answer)) reached += 1;
      const why = problemWith(request.method, answer);
      if (why !== undefined) faults.push({ request, why });
    } catch (error) {
      faults.push({ request, why: `no answer: ${String(error)}` });
    }
    slowestMs = Math.max(slowestMs, performance.now() - begin);
  }

  // Shared by all workers: a round begins when the one before has been handed out, so that a claim that waits half
  // a minute holds up its own worker alone.
  async function* rounds(): AsyncGenerator<FuzzRequest> {
    for (let sent = 0; sent < requests && faults.length < mostFaults; sent += batch) {
      onRound?.(sent);
      const arbitrary = requestsOf(document, await makeKnown(url, sent));
      yield* fc.sample(arbitrary, { numRuns: Math.min(batch, requests - sent), seed: seed + sent });
    }
  }
  const waiting = rounds();
  const worker = async () => {
    for await (const request of waiting) await one(request);
  };
  await Promise.all(Array.from({ length: together }, worker));
  agent.destroy();
  return { statuses, faults, reached, authenticated, slowestMs: Math.round(slowestMs) };
}
