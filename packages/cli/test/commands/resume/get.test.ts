import { expect, test } from 'vitest';
import { requestedBuild } from '../../support/resume-request.ts';
import { withServer } from '../../support/server.ts';

const server = withServer();
const { cli } = server;

test('shows one request, to people and to scripts', async () => {
  const { build, request } = await requestedBuild(server);
  expect((await cli(['resume', 'get', request, '--json'])).json).toMatchObject({
    id: request,
    build_id: build,
    orchestration_status: 'pending',
  });
  expect((await cli(['resume', 'get', request])).stdout).toMatch(/^Reason: +Mirror is back$/m);
  const { stdout } = await cli(['resume', 'get', request, '-o', 'env']);
  expect(stdout).toBe(`BLDST_BUILD_ID=${build}\nRESUME_STATE=35\n`);
});

test('a request that is not there is not found', async () => {
  const { code, stderr } = await cli(['resume', 'get', '01a1fc8e-fe66-7608-865c-440455cc4911']);
  expect(code).toBe(3);
  expect(stderr).toContain('Ask for one with `bldst build resume`');
});
