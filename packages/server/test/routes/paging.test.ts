import { type OperationName, type Route, routes, schemas } from '@buildstate/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { devKeys, TestServer } from '../support/test-server.ts';

const lists = (Object.keys(routes) as OperationName[]).filter(
  (name) => (schemas[name].answer as z.ZodType) instanceof z.ZodArray,
);
const numbers = [1, 2, 3];
const states = [10, 20, 30];

let server: TestServer;
let build: string;
let project: string;

async function put(path: string, body: object, method = 'POST'): Promise<{ readonly id: string }> {
  const answer = await server.send(path, { method, body, key: devKeys.admin });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.json();
}

/** Three of everything that there is a list of. */
async function fill(): Promise<void> {
  project = (await put('/projects', { name: 'paged' })).id;
  for (const number of numbers) {
    await put('/projects', { name: `p${number}` });
    for (const kind of ['platforms', 'os-distributions', 'cloud-providers', 'image-types']) {
      await put(`/${kind}`, { name: `n${number}` });
    }
    await put('/users/me/tokens', { name: `t${number}`, scopes: ['read'] });
    build = (await put('/builds', { project: 'paged', build_number: `${number}` })).id;
  }
  const { id: os } = await put('/os-distributions', { name: 'linux' });
  const { id: variant } = await put('/image-variants', { name: 'base' });
  for (const number of numbers) {
    await put('/os-versions', { name: `v${number}`, os_distribution_id: os });
    await put('/image-variants', { name: `i${number}` });
  }
  expect(variant).toBeTruthy();
  for (const state of states) {
    await put(`/projects/${project}/retry-policies/${state}`, { preset: 'standard' }, 'PUT');
    await put(`/projects/${project}/resumable-states/${state}`, { is_resumable: true }, 'PUT');
  }
  const base = `/builds/${build}`;
  await put(`${base}/state`, { state: 5 });
  for (const number of numbers) {
    const place = { storage_backend: 's3', artifact_path: `s3://bucket/${number}` };
    await put(`${base}/artifacts`, {
      state_code: 5,
      artifact_name: `a${number}`,
      artifact_type: 'disk',
      ...place,
    });
    await put(`${base}/variables`, { variable_key: `k${number}`, variable_value: 'x' });
    await put(`${base}/jobs`, { platform: 'jenkins', job_name: `j${number}` });
    await put(`${base}/failure`, { state: 10, error_message: 'x', is_retryable: true });
    const { id } = await put(`${base}/resume`, {});
    await put(`/resume-requests/${id}`, { orchestration_status: 'cancelled' }, 'PATCH');
    await put(`${base}/retry`, {});
  }
}

function pathOf(name: OperationName): string {
  const route: Route = routes[name];
  const path = route.path.replace('{build_id}', build).replace('{project_id}', project);
  return path.replace('{user_id}', 'me');
}

const get = (path: string) => server.send(path, { key: devKeys.admin });

async function pagesFrom(start: string): Promise<unknown[][]> {
  const pages: unknown[][] = [];
  for (let path: string | undefined = start; path !== undefined; ) {
    const answer = await get(path);
    expect(answer.status, answer.text).toBe(200);
    pages.push(answer.json());
    path = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  return pages;
}

beforeAll(async () => {
  server = await TestServer.start();
  await fill();
});
afterAll(() => server.remove());

it('knows many lists', () => {
  expect(lists.length).toBeGreaterThan(18);
  expect(lists).toContain('listVariables');
});

describe.each(lists)('%s', (name) => {
  it('comes page by page, and all pages together are the whole list', async () => {
    const path = pathOf(name);
    const whole = (await get(path)).json();
    expect(whole.length).toBeGreaterThanOrEqual(3);
    const pages = await pagesFrom(`${path}?limit=1`);
    expect(pages.map((page) => page.length)).toEqual(whole.map(() => 1));
    expect(pages.flat()).toEqual(whole);
  });

  it('leaves out what is skipped', async () => {
    const path = pathOf(name);
    const whole = (await get(path)).json();
    expect((await pagesFrom(`${path}?skip=1&limit=2`)).flat()).toEqual(whole.slice(1));
  });

  it.each(['limit=0', 'limit=1001', 'limit=-1', 'limit=many', 'cursor=none', 'skip=-1'])(
    'refuses %s and names the field',
    async (query) => {
      const answer = await get(`${pathOf(name)}?${query}`);
      expect(answer.status, answer.text).toBe(422);
      expect(answer.json().errors[0].path).toBe(query.split('=')[0]);
    },
  );
});
