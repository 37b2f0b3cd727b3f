import { type Route, routes, transferRoutes } from '@buildstate/core';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestServer } from '../support/test-server.ts';
import { spectralProblems } from './spectral.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly schema: object }[];
  readonly requestBody?: { readonly required: boolean };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly tags: readonly { readonly name: string }[];
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

describe('the OpenAPI document', () => {
  let server: TestServer;
  let text: string;
  let document: Document;
  const operations: { readonly where: string; readonly method: string; readonly operation: Operation }[] = [];

  beforeAll(async () => {
    server = await TestServer.start({ limits: { failedAuthPerMinute: 10_000 } });
    const answer = await server.send('/openapi.json', { key: null });
    text = answer.text;
    document = answer.json();
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        operations.push({ where: `${method.toUpperCase()} ${path}`, method, operation });
      }
    }
  });
  afterAll(() => server.remove());

  it('is valid OpenAPI 3.1 by a linter that is not ours', async () => {
    expect(document.openapi).toBe('3.1.0');
    const config = await createConfig({
      extends: ['recommended-strict'],
      // Health answers have no caller's error worth naming.
      rules: { 'operation-4xx-response': 'off' },
    });
    const problems = await lintFromString({ source: text, config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual(
      [],
    );
  });

  it('is good by another linter', async () => {
    expect(await spectralProblems(JSON.parse(text))).toEqual([]);
  });

  it('has exactly the operations of the route tables, the health routes and logging in', () => {
    const table = Object.values<Route>({ ...routes, ...transferRoutes }).map(
      ({ method, path }) => `${method} ${path}`,
    );
    const health = ['GET /health', 'GET /ready', 'GET /status', 'GET /metrics'];
    const ownRoutes = [...table, ...health, 'POST /auth/token'];
    expect(operations.map(({ where }) => where).sort()).toEqual(ownRoutes.sort());
  });

  it('names, describes, tags and secures every operation and its errors', () => {
    const tags = document.tags.map(({ name }) => name);
    for (const { where, method, operation } of operations) {
      expect(operation.operationId, where).toMatch(/^[a-z][A-Za-z]+$/);
      expect(operation.summary.length, where).toBeGreaterThan(5);
      expect(operation.description.length, where).toBeGreaterThan(operation.summary.length / 2);
      expect(operation.tags, where).toHaveLength(1);
      expect(tags, where).toContain(operation.tags[0]);
      expect(Array.isArray(operation.security), where).toBe(true);
      if (operation.security.length === 0) continue;
      const errors = method === 'get' ? ['401', '403', '503'] : ['400', '401', '403', '409', '422', '503'];
      expect(Object.keys(operation.responses), where).toEqual(expect.arrayContaining(errors));
      for (const status of errors) {
        expect(Object.keys(operation.responses[status]?.content ?? {}), where).toEqual([
          'application/problem+json',
        ]);
      }
    }
  });

  it('says of every POST that it takes a key, and of every tag where it is answered and taken', () => {
    for (const { where, method, operation } of operations) {
      if (operation.security.length === 0) continue;
      const takes = (name: string) => (operation.parameters ?? []).some((one) => one.name === name);
      expect(takes('Idempotency-Key'), where).toBe(method === 'post' || method === 'patch');
    }
    const patch = document.paths['/builds/{build_id}']?.patch;
    expect(patch?.parameters?.map(({ name }) => name)).toContain('If-Match');
    expect(Object.keys(patch?.responses ?? {})).toContain('412');
    expect(patch?.responses[200]).toMatchObject({ headers: { ETag: {}, 'Idempotency-Replayed': {} } });
    const get = document.paths['/builds/{build_id}']?.get;
    expect(get?.parameters?.map(({ name }) => name)).toContain('If-None-Match');
    expect(document.paths['/builds']?.get?.responses[200]).toMatchObject({ headers: { Link: {} } });
  });

  it('gives answers and bodies names', () => {
    const names = Object.keys(document.components.schemas);
    expect(names).toEqual(
      expect.arrayContaining(['Build', 'BuildDetails', 'Attempt', 'Problem', 'RecordStateInput']),
    );
    for (const name of names) expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
  });

  it('describes parameters by what they are read as', () => {
    const schemaOf = (path: string, name: string) =>
      document.paths[path]?.get?.parameters?.find((parameter) => parameter.name === name)?.schema;
    const states = '/builds/{build_id}/states';
    expect(schemaOf(states, 'limit')).toEqual({ type: 'integer', minimum: 1, maximum: 1000 });
    expect(schemaOf(states, 'state')).toEqual({ type: 'integer', minimum: 0, maximum: 100 });
    expect(schemaOf('/projects', 'include_deactivated')).toEqual({ type: 'boolean' });
  });

  it('marks the bodies that may be left out, and no others', () => {
    const required = (path: string) => document.paths[path]?.post?.requestBody?.required;
    expect(required('/builds/{build_id}/retry')).toBe(false);
    expect(required('/builds/{build_id}/state')).toBe(true);
  });

  it('is what the server really routes: every operation is reached, with and without a trailing slash', async () => {
    for (const { where } of operations) {
      const [method = '', path = ''] = where.split(' ');
      const filled = path.replaceAll(/\{\w+\}/g, 'x');
      for (const url of [filled, `${filled}/`]) {
        const answer = await server.send(url, { method, key: null });
        // Logging in needs no key, but a name and a password.
        const reached = path === '/auth/token' ? [422] : [200, 401, 503];
        expect(reached, `${where} as ${url}`).toContain(answer.status);
      }
    }
  });
});

describe('Swagger UI', () => {
  it('loads with all its files from this server alone, under a policy that lets it run', async () => {
    const server = await TestServer.start();
    try {
      const page = await server.send('/docs/', { key: null });
      expect(page.headers.get('content-type')).toMatch(/^text\/html/);
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/script-src 'self' ?;/);
      expect(policy).toMatch(/style-src 'self' 'unsafe-inline'/);
      expect(policy).not.toMatch(/https:|upgrade-insecure-requests|unsafe-eval/);
      const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
      expect(files.length).toBeGreaterThan(3);
      for (const file of files) {
        const url = new URL(file, `${server.url}/docs/`);
        expect(url.origin).toBe(server.url);
        const answer = await server.send(url.pathname, { key: null });
        expect(answer.status, file).toBe(200);
        expect(answer.text.length).toBeGreaterThan(0);
      }
      const start = await server.send('/docs/static/swagger-initializer.js', { key: null });
      expect(start.text).toContain('/openapi.json');
    } finally {
      await server.remove();
    }
  });
});
