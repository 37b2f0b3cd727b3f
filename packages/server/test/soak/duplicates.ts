import { randomUUID } from 'node:crypto';
import { devKeys } from '../support/test-server.ts';

/** How many deliveries are made, and to whom. */
export interface DuplicateOptions {
  /** Servers over one store; each delivery goes to the next one. */
  readonly urls: readonly string[];
  /** Deliveries in all; every request is delivered 2 to 20 times at once. */
  readonly deliveries: number;
}

/** What was found in the store afterwards. */
export interface DuplicateResult {
  readonly deliveries: number;
  /** Requests that were delivered, each several times. */
  readonly requests: number;
  /** Deliveries that were told to come again while the first was being performed. */
  readonly askedToWait: number;
  /** What is wrong: two effects, none, or two answers to one request. */
  readonly faults: readonly string[];
}

interface Delivery {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** For requests that carry no id of their own. */
  readonly key?: string;
}

const json = { 'x-api-key': devKeys.admin, 'content-type': 'application/json' };
const projectName = 'duplicates';
/** Requests under way at the same time, each with its deliveries. */
const together = 4;
const mostTries = 200;

async function get<T>(url: string): Promise<readonly T[]> {
  const all: T[] = [];
  for (let next: string | undefined = url; next !== undefined; ) {
    const response: Response = await fetch(next, { headers: json });
    if (!response.ok) throw new Error(`${next}: ${response.status} ${await response.text()}`);
    all.push(...((await response.json()) as T[]));
    const link = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
    next = link === undefined ? undefined : new URL(link, url).href;
  }
  return all;
}

/** Every kind of request in turn: reports by their `event_id`, and POSTs by a key. */
function deliveryOf(index: number, build: string): Delivery {
  const name = `d-${index}`;
  const kinds: readonly (() => Delivery)[] = [
    () => ({ path: `/builds/${build}/state`, body: { state: 5, status: 'failed', event_id: randomUUID() } }),
    () => ({ path: `/builds/${build}/state`, body: { state: 5, status: 'failed' }, key: randomUUID() }),
    () => ({ path: '/projects', body: { name }, key: randomUUID() }),
    () => ({ path: '/builds', body: { project: projectName, description: name }, key: randomUUID() }),
    () => ({ path: '/users/me/tokens', body: { name, scopes: ['read'] }, key: randomUUID() }),
    () => ({
      path: `/builds/${build}/variables`,
      body: { variable_key: name, variable_value: name },
      key: randomUUID(),
    }),
    () => ({ path: '/platforms', body: { name }, key: randomUUID() }),
  ];
  return (kinds[index % kinds.length] as () => Delivery)();
}

/** Delivers one request several times at once and compares the answers. */
class Deliverer {
  readonly faults: string[] = [];
  askedToWait = 0;
  #turn = 0;
  readonly #urls: readonly string[];

  constructor(urls: readonly string[]) {
    this.#urls = urls;
  }

  async deliver(delivery: Delivery, times: number): Promise<void> {
    const answers = await Promise.all(Array.from({ length: times }, () => this.#once(delivery)));
    const distinct = new Set(answers);
    if (distinct.size !== 1)
      this.faults.push(`${delivery.path} has ${distinct.size} answers: ${[...distinct].join(' | ')}`);
  }

  async #once({ path, body, key }: Delivery): Promise<string> {
    for (let tries = 0; tries < mostTries; tries++) {
      const url = this.#urls[this.#turn++ % this.#urls.length] ?? '';
      const headers = key === undefined ? json : { ...json, 'idempotency-key': key };
      const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      const text = await response.text();
      if (response.status !== 409 || !text.includes('request_in_flight')) return `${response.status} ${text}`;
      this.askedToWait += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return 'never answered';
  }
}

const count = (items: readonly unknown[], wanted: number, what: string) =>
  items.length === wanted ? [] : [`${items.length} ${what} where ${wanted} were asked for`];

/** Delivers requests several times at once, over all servers, and counts what the store holds afterwards. */
export async function deliverDuplicates({ urls, deliveries }: DuplicateOptions): Promise<DuplicateResult> {
  const [url = ''] = urls;
  const made = await fetch(`${url}/builds`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ project: projectName }),
  });
  const { id: build } = (await made.json()) as { id: string };
  const deliverer = new Deliverer(urls);
  const asked: Record<string, number> = {};
  let sent = 0;
  let requests = 0;
  const worker = async () => {
    while (sent < deliveries) {
      const index = requests++;
      const times = 2 + (index % 19);
      sent += times;
      const delivery = deliveryOf(index, build);
      asked[delivery.path] = (asked[delivery.path] ?? 0) + 1;
      await deliverer.deliver(delivery, times);
    }
  };
  await Promise.all(Array.from({ length: together }, worker));

  const named = <T extends { readonly name: string }>(items: readonly T[]) =>
    items.filter(({ name }) => name.startsWith('d-'));
  const states = asked[`/builds/${build}/state`] ?? 0;
  const variables = asked[`/builds/${build}/variables`] ?? 0;
  const attempts = await get(`${url}/builds/${build}/states?limit=1000`);
  const events = await get<{ readonly type: string }>(`${url}/builds/${build}/events?limit=1000`);
  const builds = await get(`${url}/builds?project_id=${projectName}&limit=1000`);
  const projects = named(await get<{ readonly name: string }>(`${url}/projects?limit=1000`));
  const platforms = named(await get<{ readonly name: string }>(`${url}/platforms?limit=1000`));
  const tokens = named(await get<{ readonly name: string }>(`${url}/users/me/tokens`));
  const faults = [
    ...deliverer.faults,
    ...count(attempts, states, 'attempts'),
    ...count(
      events.filter(({ type }) => type === 'state.failed'),
      states,
      'events of failures',
    ),
    ...count(
      events.filter(({ type }) => type === 'variable.set'),
      variables,
      'events of variables',
    ),
    ...count(builds, 1 + (asked['/builds'] ?? 0), 'builds'),
    ...count(projects, asked['/projects'] ?? 0, 'projects'),
    ...count(platforms, asked['/platforms'] ?? 0, 'platforms'),
    ...count(tokens, asked['/users/me/tokens'] ?? 0, 'keys'),
  ];
  return { deliveries: sent, requests, askedToWait: deliverer.askedToWait, faults };
}
