import { expect, test } from 'vitest';
import { requestedBuild } from '../../support/resume-request.ts';
import { withServer } from '../../support/server.ts';

const server = withServer();
const { cli } = server;

test('reports how far a request has come', async () => {
  const { request } = await requestedBuild(server);
  const job = ['--job-id', '18', '--job-url', 'https://ci.example/18', '--metadata', '{"a":1}'];
  const { code, json } = await cli(['resume', 'update', request, '-s', 'triggered', ...job, '--json']);
  expect(code).toBe(0);
  expect(json).toMatchObject({
    orchestration_status: 'triggered',
    orchestration_job_id: '18',
    orchestration_job_url: 'https://ci.example/18',
    metadata: { a: 1 },
  });
  const failed = await cli(['resume', 'update', request, '-s', 'failed', '--error', 'No runner', '--json']);
  expect(failed.json).toMatchObject({ orchestration_status: 'failed', error_message: 'No runner' });
});

test('changes nothing when nothing is said, or something unknown', async () => {
  const { request } = await requestedBuild(server);
  expect((await cli(['resume', 'update', request])).code).toBe(2);
  expect((await cli(['resume', 'update', request, '--status', 'done'])).code).toBe(2);
  expect((await cli(['resume', 'get', request, '--json'])).json.orchestration_status).toBe('pending');
});
