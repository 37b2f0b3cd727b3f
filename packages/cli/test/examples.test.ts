import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import type { CommandClass } from '../src/base/command-class.ts';
import { referenceTopics } from '../src/reference/topics.ts';
import { commandTable } from '../src/run/command-table.ts';
import { bashIn } from './support/binary.ts';
import { cliIn } from './support/cli.ts';
import { type ServerCli, succeeded, withServer } from './support/server.ts';

/** What is there when the examples of a command are run. */
type Scene = (server: ServerCli, build: string) => Promise<void>;

const run = async ({ cli }: ServerCli, ...words: string[]) => void succeeded(await cli(words));

const artifacts: Scene = async (server, build) => {
  const upload = [
    'artifact',
    'upload',
    build,
    'base.qcow2',
    '--state',
    '10',
    '--name',
    'base-image',
    '--complete',
  ];
  await run(server, ...upload);
  const golden = ['--name', 'golden', '--type', 'ami', '--path', 'ami-1', '--backend', 'aws_ami'];
  await run(server, 'artifact', 'register', build, '--state', '10', '--no-resumable', ...golden);
};
const failed: Scene = async (server, build) => {
  for (const state of ['5', '10', '25']) await run(server, 'build', 'add-state', build, '--state', state);
  await run(server, 'build', 'fail', build, '--state', '35', '--error', 'Connection timed out');
};
const delivered: Scene = async (server, build) => {
  for (const state of ['50', '100']) await run(server, 'build', 'add-state', build, '--state', state);
};
const variables: Scene = async (server, build) =>
  run(server, 'variable', 'set', build, 'ami_id=ami-1', 'region=x');
const requested: Scene = async (server, build) => {
  await failed(server, build);
  await run(server, 'build', 'resume', build);
};
const ring: Scene = async ({ cli, home }) =>
  void succeeded(await cli(['health'], { env: { BLDST_TRACKER: `sqlite://${home}/data` } }));
const configured: Scene = async (server) => run(server, 'resumable-state', 'create', server.project, '25');

/** A store beside the server, what was exported from it, and a backup. */
const stores: Scene = async (server) => {
  const store = join(server.home, 'local-store');
  const local = cliIn(server.home, { env: { BLDST_TRACKER: `sqlite://${store}` } });
  succeeded(await local(['build', 'create', '-p', server.project, '-n', '1']));
  succeeded(await local(['store', 'export', store, '--to', 'exported.ndjson']));
  writeFileSync(
    join(server.home, 'state.json'),
    JSON.stringify({ buildId: 'b-1', stateHistory: [{ state: 10, status: 'completed' }] }),
  );
  succeeded(await local(['store', 'backup', 'backup', '--from', store]));
  succeeded(await local(['store', 'migrate', store, './builds.db']));
};

const scenes: Readonly<Record<string, Scene>> = {
  'artifact delete': artifacts,
  'artifact download': artifacts,
  'artifact get': artifacts,
  'artifact lineage': artifacts,
  'artifact list': artifacts,
  'artifact list-resumable': artifacts,
  'artifact pin': artifacts,
  'artifact promote': artifacts,
  'artifact search': artifacts,
  'artifact unpin': artifacts,
  'artifact update': artifacts,
  'artifact verify': artifacts,
  'build bulk-resume': failed,
  'build check': failed,
  'build claim': (server, build) => run(server, 'build', 'add-state', build, '--state', '30'),
  'build compare': async (server, build) => {
    await server.build(['-n', '41']);
    await run(server, 'build', 'add-state', build, '--state', '30');
    for (const key of ['north', 'south']) await run(server, 'build', 'branch', build, key);
  },
  'build failures': failed,
  'build history': failed,
  'build resume': failed,
  'build resume-context': failed,
  'build retry': failed,
  'build rollback': failed,
  'build wait': delivered,
  'build watch': delivered,
  'config get': (server) => run(server, 'config', 'set-url', 'http://localhost:8080'),
  'job update': (server, build) => run(server, 'job', 'link', build, '--platform', 'jenkins'),
  'metric resumes': requested,
  'metric storage': artifacts,
  'project delete': (server) => run(server, 'project', 'create', `${server.project}-rhel9-base`),
  'events list': failed,
  'keys list': ring,
  'keys rotate': ring,
  'resume create': failed,
  'resume get': requested,
  'resume list': requested,
  'resume update': requested,
  'resumable-state delete': configured,
  'resumable-state get': configured,
  'resumable-state update': configured,
  'store backup': stores,
  'store export': stores,
  'store import': stores,
  'store info': stores,
  'store maintain': stores,
  'store migrate': stores,
  'store restore': stores,
  'store retention': stores,
  'store verify': stores,
  'trend durations': failed,
  'trend failures': failed,
  'variable delete': variables,
  'variable get': variables,
  'variable list': variables,
};

/** The entry of reference data that an example is about; it is common to all projects, so that each test has its own. */
for (const { topic, example } of referenceTopics) {
  const there: Scene = (server) => run(server, topic, 'create', `${server.project}-${example}`);
  for (const verb of ['get', 'update', 'delete']) Object.assign(scenes, { [`${topic} ${verb}`]: there });
}

/** Those run until they are stopped, or run a whole build; their own tests do that. */
const elsewhere = new Set(['events watch', 'serve', 'step', 'run', 'worker']);

/** The name that an example about reference data begins with. */
const referenceName = new RegExp(
  `^(bldst (?:${referenceTopics.map(({ topic }) => topic).join('|')}) (?:create|get|update|delete) )(\\S+)`,
);

/** What an example must not do to the tests of others: two names of projects that it may use stand for its own. */
function own(command: string, project: string): string {
  return command
    .replaceAll('<%= config.bin %>', 'bldst')
    .replaceAll(/\brhel9-base\b/g, `${project}-rhel9-base`)
    .replaceAll(/(?<=[ "]|^)linux(?=[ :"]|$)/g, project)
    .replace(referenceName, (_, words: string, name: string) => `${words}${project}-${name}`);
}

const ids = Object.keys(commandTable).filter((id) => !elsewhere.has(id));

test.each(ids)('the examples of "%s" work as written', { timeout: 60_000 }, async (id) => {
  const server = withServer();
  const { home, project } = server;
  const { default: Class } = (await commandTable[id as keyof typeof commandTable]()) as {
    readonly default: CommandClass;
  };
  writeFileSync(join(home, 'base.qcow2'), 'bytes of an image');
  mkdirSync(join(home, 'rootfs'));
  writeFileSync(join(home, 'test.sh'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(home, 'nightly.sh'), '#!/bin/sh\ntest "$1" = --fast && test -n "$BLDST_LEASE_TOKEN"\n');
  chmodSync(join(home, 'nightly.sh'), 0o755);
  // The examples that create this build must find its number free.
  if (id !== 'build create') {
    const build = await server.build(['-n', '42', '--platform', 'aws']);
    await scenes[id]?.(server, build);
  }
  const env = {
    BLDST_TRACKER: inject('tracker'),
    BLDST_API_KEY: 'admin-key-99999',
    VAULT_PASSWORD: 'correct horse',
  };
  const examples = Class.examples as readonly { readonly command: string }[];
  const script = examples.map(({ command }) => own(command, project)).join('\n');
  const { code, stdout, stderr } = await bashIn(home, env)(`set -eu -o pipefail\n${script}`);
  expect(code, `${script}\n${stdout}${stderr}`).toBe(0);
});
