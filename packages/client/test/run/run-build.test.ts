import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { BuildStateClient } from '../../src/client.ts';
import { explainRun } from '../../src/run/explain-run.ts';
import { readBuildFile } from '../../src/run/file/read-build-file.ts';
import { runBuild } from '../../src/run/run-build.ts';
import type { RunRequest } from '../../src/run/run-request.ts';
import { temporaryFolder, writeFiles } from '../step/temporary-folder.ts';
import { type Bench, bench, history, openClient } from '../step/workbench.ts';

const threeStates = `project: images
states:
  - code: 10
    run: mkdir -p out && cp base.txt out/base.img && echo ran-10
    produces: { base-image: out/base.img }
    inputs: [base.txt]
  - code: 25
    needs: { base-image: out/hardened.img }
    run: printf hardened >> out/hardened.img && echo ran-25
    produces: { hardened: out/hardened.img }
    inputs: [harden.txt]
  - code: 100
    needs: [hardened]
    run: cat "$BLDST_ARTIFACT_HARDENED" && test ! -e broken && echo ran-100
`;
const inputs = { 'base.txt': 'base\n', 'harden.txt': 'h\n' };

/** A working copy of a project. */
function copyOf(
  client: BuildStateClient,
  yaml: string,
  files: Readonly<Record<string, string>> = inputs,
): Bench {
  const around = bench(client);
  writeFiles(around.folder, { ...files, 'buildstate.yaml': yaml });
  return around;
}

async function run(around: Bench, more: Partial<RunRequest> = {}) {
  around.stdout.text = '';
  const file = await readBuildFile('buildstate.yaml', around.folder, around.environment);
  return runBuild(around, { file, ...more });
}

async function onlyBuild(client: BuildStateClient, project = 'images'): Promise<string> {
  const builds = await client.builds.list({ projectId: project }).all();
  expect(builds.length).toBe(1);
  return builds[0]?.id ?? '';
}

describe('a run', () => {
  it('that is refused leaves no build behind', async () => {
    const client = await openClient();
    const around = copyOf(client, threeStates);
    await expect(run(around, { from: '25' })).rejects.toThrow(/cannot begin at state 25/);
    await expect(run(around, { from: 'no-such' })).rejects.toMatchObject({ kind: 'not_found' });
    expect(await client.builds.list().all()).toEqual([]);
  });

  it('runs all states of a new build, one after the other, and completes it', async () => {
    const client = await openClient();
    const around = copyOf(client, threeStates);
    const result = await run(around);
    expect(result).toMatchObject({
      outcome: 'completed',
      exitCode: 0,
      completed: [10, 25, 100],
      skipped: [],
    });
    expect(around.stdout.text).toBe('ran-10\nran-25\nbase\nhardenedran-100\n');
    const build = await client.builds.get(await onlyBuild(client));
    expect(build).toMatchObject({ status: 'completed', currentState: 100, buildNumber: '1', lease: null });
    const attempts = await client.builds.attempts(build.id).all();
    expect(new Set(attempts.map(({ leaseToken }) => leaseToken))).toEqual(new Set([1]));
  });

  it('starts the next number when the last build is completed', async () => {
    const client = await openClient();
    await run(copyOf(client, threeStates));
    expect(await run(copyOf(client, threeStates))).toMatchObject({
      build: { buildNumber: '2' },
      completed: [10, 25, 100],
    });
  });

  it('continues at the failed state, in another folder, with artifacts fetched', async () => {
    const client = await openClient();
    const first = copyOf(client, threeStates, { ...inputs, broken: '' });
    expect(await run(first)).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      state: 100,
      completed: [10, 25],
    });
    const second = copyOf(client, threeStates);
    expect(await run(second)).toMatchObject({ outcome: 'completed', completed: [100], skipped: [10, 25] });
    expect(second.stdout.text).toBe('base\nhardenedran-100\n');
    expect(existsSync(join(second.folder, 'out/base.img'))).toBe(false);
    expect(await history(client, await onlyBuild(client))).toEqual([
      '10 completed',
      '25 completed',
      '100 failed',
      '100 completed',
    ]);
  });

  it('restores what a step edited in place before it is tried again', async () => {
    const client = await openClient();
    const yaml = threeStates.replace('echo ran-25', 'test ! -e broken');
    const around = copyOf(client, yaml, { ...inputs, broken: '' });
    expect(await run(around)).toMatchObject({ outcome: 'failed', state: 25 });
    expect(readFileSync(join(around.folder, 'out/hardened.img'), 'utf8')).toBe('base\nhardened');
    rmSync(join(around.folder, 'broken'));
    expect((await run(around)).outcome).toBe('completed');
    expect(around.stdout.text).toBe('base\nhardenedran-100\n');
  });

  it('runs a state whose inputs changed again, and all after it, through a recorded rollback', async () => {
    const client = await openClient();
    const around = copyOf(client, threeStates, { ...inputs, broken: '' });
    await run(around);
    writeFileSync(join(around.folder, 'harden.txt'), 'other\n');
    const explained = await explainRun(around, {
      file: await readBuildFile('buildstate.yaml', around.folder, {}),
    });
    expect(explained.plan.entries.map(({ action }) => action)).toEqual(['skip', 'run', 'run']);
    expect(explained.plan.entries[1]?.reason).toContain('harden.txt changed');
    expect(explained.plan.rollback).toMatchObject({ target: 10 });
    const again = await run(around);
    expect(again).toMatchObject({ outcome: 'failed', state: 100, completed: [25], skipped: [10] });
    const build = await onlyBuild(client);
    expect(await history(client, build)).toEqual([
      '10 completed',
      '25 rolled_back',
      '100 failed',
      '25 completed',
      '100 failed',
    ]);
    const events = await client.builds.events(build).all();
    expect(events.find(({ type }) => type === 'state.rolled_back')?.data).toMatchObject({
      target_state: 10,
      reason: expect.stringContaining('harden.txt changed'),
    });
  });

  it('does not care in which folder the inputs lie', async () => {
    const client = await openClient();
    await run(copyOf(client, threeStates, { ...inputs, broken: '' }));
    const explained = await explainRun(copyOf(client, threeStates), {
      file: await readBuildFile('buildstate.yaml', copyOf(client, threeStates).folder, {}),
    });
    expect(explained.plan.entries.map(({ action }) => action)).toEqual(['skip', 'skip', 'run']);
  });

  it('has nothing to do when its build is completed, and says so', async () => {
    const client = await openClient();
    const yaml = `build_number: r1\n${threeStates}`;
    await run(copyOf(client, yaml));
    const again = copyOf(client, yaml);
    expect(await run(again)).toMatchObject({
      outcome: 'completed',
      exitCode: 0,
      completed: [],
      skipped: [10, 25, 100],
    });
    expect(again.stdout.text).toBe('');
    expect(again.said.join('\n')).toContain('--new');
  });

  it('refuses to change a completed build whose inputs changed', async () => {
    const client = await openClient();
    const yaml = `build_number: r1\n${threeStates}`;
    await run(copyOf(client, yaml));
    const edited = copyOf(client, yaml, { ...inputs, 'base.txt': 'other' });
    await expect(run(edited)).rejects.toMatchObject({ code: 'build_closed' });
    await expect(run(edited, { isNew: true })).rejects.toMatchObject({ code: 'already_exists' });
  });

  it('starts another build with --new though one is unfinished', async () => {
    const client = await openClient();
    await run(copyOf(client, threeStates, { ...inputs, broken: '' }));
    expect(await run(copyOf(client, threeStates), { isNew: true })).toMatchObject({
      build: { buildNumber: '2' },
    });
    expect(await run(copyOf(client, threeStates))).toMatchObject({
      build: { buildNumber: '1' },
      completed: [100],
    });
  });

  it('runs from and to where it is told', async () => {
    const client = await openClient();
    const around = copyOf(client, threeStates);
    expect(await run(around, { to: 25 })).toMatchObject({ outcome: 'completed', completed: [10, 25] });
    expect(await run(around, { from: '25', to: 'security-baseline' })).toMatchObject({
      completed: [25],
      skipped: [10],
    });
    await expect(run(around, { from: 'no-such' })).rejects.toMatchObject({ kind: 'not_found' });
    expect(await history(client, await onlyBuild(client))).toEqual([
      '10 completed',
      '25 rolled_back',
      '25 completed',
    ]);
  });

  it('changes nothing when it explains', async () => {
    const client = await openClient();
    const around = copyOf(client, threeStates);
    const file = await readBuildFile('buildstate.yaml', around.folder, {});
    const explained = await explainRun(around, { file });
    expect(explained).toMatchObject({ build: undefined });
    expect(explained.plan.entries.every(({ action }) => action === 'run')).toBe(true);
    expect(await client.projects.list().all()).toEqual([]);
  });

  it('tries a failed state again as its policy in the file says', async () => {
    const client = await openClient();
    const yaml = `project: images
states:
  - code: 10
    run: echo x >> tries; test "$(wc -l < tries)" -ge 3
    retry: { max_attempts: 4, initial_delay: 0 }
  - { code: 100, run: "true" }
`;
    expect((await run(copyOf(client, yaml))).outcome).toBe('completed');
    expect(await history(client, await onlyBuild(client))).toEqual([
      '10 failed',
      '10 failed',
      '10 completed',
      '100 completed',
    ]);
    expect(await client.retryPolicies.list('images')).toMatchObject([
      { stateCode: 10, policy: { maxAttempts: 4 } },
    ]);
  });

  it('gives new states their names in the catalogue, and refuses a name of another state', async () => {
    const client = await openClient();
    const named = (code: number, name: string) =>
      `project: images\nstates:\n  - { code: ${code}, name: ${name}, run: "true" }\n`;
    await run(copyOf(client, named(42, 'my-own-state')));
    await run(copyOf(client, named(45, 'my-disks')));
    const catalogue = await client.stateCodes.list('images');
    expect(catalogue.find(({ stateCode }) => stateCode === 42)?.name).toBe('my-own-state');
    expect(catalogue.find(({ stateCode }) => stateCode === 45)).toMatchObject({
      name: 'storage-config',
      aliases: ['my-disks'],
    });
    await expect(run(copyOf(client, named(46, 'kickstart')))).rejects.toMatchObject({
      code: 'configuration',
    });
  });

  it('passes its environment on and hides its secrets', async () => {
    const client = await openClient();
    const yaml = `project: images
env: { GREETING: "hello \${WHO}" }
secrets: [VAULT_PASSWORD]
states:
  - { code: 10, run: 'echo "$GREETING $VAULT_PASSWORD"; echo "bad $VAULT_PASSWORD" >&2; exit 1' }
`;
    const around = copyOf(client, yaml);
    await expect(
      run({ ...around, environment: { ...around.environment, WHO: 'you' } }),
    ).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringContaining('VAULT_PASSWORD'),
    });
    const environment = { ...around.environment, WHO: 'you', VAULT_PASSWORD: 'hunter2-hunter2' };
    await run({ ...around, environment });
    expect(around.stdout.text).toBe('hello you ***\n');
    const stored = JSON.stringify(await client.builds.attempts(await onlyBuild(client)).all());
    expect(stored).toContain('bad ***');
    expect(stored).not.toContain('hunter2');
  });
});

describe('a run in a CI job', () => {
  const job = (id: string) => ({
    GITLAB_CI: 'true',
    CI_PROJECT_PATH: 'team/images',
    CI_JOB_ID: id,
    CI_JOB_NAME: 'image',
  });

  it('is linked to it, once, and says when it continues what another job began', async () => {
    const client = await openClient();
    const runAs = async (id: string, files: Readonly<Record<string, string>>) => {
      const around = copyOf(client, threeStates, files);
      await run({ ...around, environment: { ...around.environment, ...job(id) } });
    };
    await runAs('100', { ...inputs, broken: '' });
    await runAs('100', { ...inputs, broken: '' });
    await runAs('200', inputs);
    expect(await client.jobs.list(await onlyBuild(client))).toMatchObject([
      { platform: 'gitlab', jobId: '100', isResumeJob: false },
      { platform: 'gitlab', jobId: '200', isResumeJob: true, resumedFromState: 100 },
    ]);
  });
});

describe('commands around a run', () => {
  const yaml = `project: images
before: [echo before >> log, [sh, -c, echo too >> log]]
finally: [echo finally >> log, exit 3, echo last >> log]
states:
  - { code: 10, run: echo 10 >> log }
  - { code: 100, run: echo 100 >> log; test ! -e broken }
`;
  const log = (around: Bench) =>
    readFileSync(join(around.folder, 'log'), 'utf8')
      .split('\n')
      .filter((line) => line !== '');

  it('run before the first state of every run and after the last, whatever happened', async () => {
    const client = await openClient();
    const around = copyOf(client, yaml, { broken: '' });
    expect(await run(around)).toMatchObject({ outcome: 'failed', exitCode: 1, state: 100 });
    expect(log(around)).toEqual(['before', 'too', '10', '100', 'finally', 'last']);
    const again = copyOf(client, yaml);
    expect(await run(again)).toMatchObject({ outcome: 'completed', exitCode: 3 });
    expect(log(again)).toEqual(['before', 'too', '100', 'finally', 'last']);
  });

  it('end the run when one before it fails; no state was begun', async () => {
    const client = await openClient();
    const around = copyOf(client, yaml.replace('[sh, -c, echo too >> log]', 'exit 9'));
    expect(await run(around)).toMatchObject({ outcome: 'failed', exitCode: 9, state: undefined });
    expect(log(around)).toEqual(['before', 'finally', 'last']);
    expect(await history(client, await onlyBuild(client))).toEqual([]);
  });

  it('clean up after a stop signal, too', async () => {
    const client = await openClient();
    const around = copyOf(client, yaml.replace('echo 10 >> log', 'echo ready; exec sleep 60'));
    const running = run(around);
    while (around.stdout.text === '') await sleep(20);
    around.interrupts.interrupt('SIGTERM');
    expect(await running).toMatchObject({ outcome: 'interrupted', exitCode: 143, completed: [] });
    expect(log(around)).toEqual(['before', 'too', 'finally', 'last']);
    expect(await history(client, await onlyBuild(client))).toEqual(['10 abandoned']);
  });
});

describe('two runs of one file', () => {
  it('one of two gets the build', async () => {
    const client = await openClient();
    const yaml = 'project: images\nbuild_number: 7\nstates:\n  - { code: 10, run: sleep 1 }\n';
    const results = await Promise.allSettled([run(copyOf(client, yaml)), run(copyOf(client, yaml))]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({ code: 'state_in_progress' });
    expect(await history(client, await onlyBuild(client))).toEqual(['10 completed']);
  });

  it('artifacts may go to a place of the file', async () => {
    const client = await openClient();
    const place = temporaryFolder();
    const yaml = `artifacts: "file://\${PLACE}"\n${threeStates}`;
    const around = copyOf(client, yaml);
    await run({ ...around, environment: { ...around.environment, PLACE: place } });
    const artifacts = await client.artifacts.list(await onlyBuild(client)).all();
    expect(artifacts.every(({ artifactPath }) => artifactPath.startsWith(`file://${place}/`))).toBe(true);
  });

  it('a file that was edited by a step is not taken for what was stored', async () => {
    const client = await openClient();
    const yaml = `project: images
states:
  - code: 10
    run: echo base > a.img
    produces: { image: a.img }
  - code: 20
    run: echo scribble >> a.img
  - code: 100
    needs: [image]
    run: cat a.img
`;
    const around = copyOf(client, yaml);
    await run(around);
    expect(around.stdout.text).toBe('base\n');
  });
});

it('takes what was appended to the file since into account', async () => {
  const client = await openClient();
  const yaml = 'project: images\nstates:\n  - { code: 10, run: "true" }\n';
  const around = copyOf(client, yaml);
  await run(around);
  appendFileSync(join(around.folder, 'buildstate.yaml'), '  - { code: 20, run: "echo more" }\n');
  expect(await run(around)).toMatchObject({ completed: [20], skipped: [10], build: { buildNumber: '1' } });
});
