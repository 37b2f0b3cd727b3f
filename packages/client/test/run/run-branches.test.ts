import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { BuildStateClient } from '../../src/client.ts';
import { explainRun } from '../../src/run/explain-run.ts';
import { readBuildFile } from '../../src/run/file/read-build-file.ts';
import { runBuild } from '../../src/run/run-build.ts';
import type { RunRequest } from '../../src/run/run-request.ts';
import { writeFiles } from '../step/temporary-folder.ts';
import { type Bench, bench, history, openClient } from '../step/workbench.ts';

const yaml = `project: regions
states:
  - code: 50
    run: echo image > image.qcow2
    produces: { image: image.qcow2 }
  - code: 60
    branches: { us: {}, eu: { env: { ZONE: eu-1 } }, ap: {} }
    until: 90
    parallel: 2
    needs: { image: "in-\${BLDST_BRANCH}.qcow2" }
    run: |
      echo "publishing to $BLDST_BRANCH \${ZONE:-none}"
      cp "in-$BLDST_BRANCH.qcow2" "out-$BLDST_BRANCH.qcow2"
      test ! -e "broken-$BLDST_BRANCH"
      echo "$BLDST_BRANCH" >> ran.txt
    produces: { published: "out-\${BLDST_BRANCH}.qcow2" }
  - code: 75
    needs: [published]
    run: grep image "$BLDST_ARTIFACT_PUBLISHED"
  - code: 100
    run: echo all-done
`;

function place(client: BuildStateClient, files: Readonly<Record<string, string>> = {}): Bench {
  const around = bench(client);
  writeFiles(around.folder, { 'buildstate.yaml': yaml, ...files });
  return around;
}

async function run(around: Bench, more: Partial<RunRequest> = {}) {
  around.stdout.text = '';
  const file = await readBuildFile('buildstate.yaml', around.folder, around.environment);
  return runBuild(around, { file, ...more });
}

async function builds(client: BuildStateClient) {
  // Newest last, so that a branch that was forked again stands for its key.
  const all = (await client.builds.list({ projectId: 'regions' }).all()).toReversed();
  return new Map(all.map((build) => [build.branchKey ?? 'root', build]));
}

it('runs the branches of a state side by side, and goes on when all have come to the join', async () => {
  const client = await openClient();
  const around = place(client);
  const result = await run(around);
  expect(result).toMatchObject({ outcome: 'completed', exitCode: 0, completed: [50, 90, 100] });
  const lines = around.stdout.text.trimEnd().split('\n');
  expect(lines).toContain('[eu] publishing to eu eu-1');
  expect(lines).toContain('[us] publishing to us none');
  expect(lines.at(-1)).toBe('all-done');
  const known = await builds(client);
  for (const key of ['us', 'eu', 'ap']) {
    const branch = known.get(key);
    expect(branch).toMatchObject({ status: 'completed', buildNumber: `1/${key}`, currentState: 90 });
    expect(await history(client, branch?.id ?? '')).toEqual(['60 completed', '75 completed', '90 completed']);
  }
  expect(known.get('root')).toMatchObject({ status: 'completed', blockedBy: [] });
  expect(await run(around, {})).toMatchObject({ build: { buildNumber: '2' } });
});

it('lets the others finish when one fails, retries only that one, and goes on', async () => {
  const client = await openClient();
  const around = place(client, { 'broken-eu': '' });
  const first = await run(around);
  expect(first).toMatchObject({ outcome: 'failed', exitCode: 1, state: 60, completed: [50] });
  expect(around.said.join('\n')).toContain('bldst run --branch eu');
  const known = await builds(client);
  expect(known.get('us')?.status).toBe('completed');
  expect(known.get('eu')).toMatchObject({ status: 'failed', failedState: 60 });
  expect(known.get('root')?.blockedBy).toMatchObject([{ branchKey: 'eu', status: 'failed' }]);
  rmSync(join(around.folder, 'broken-eu'));
  const explained = await explainRun(around, {
    file: await readBuildFile('buildstate.yaml', around.folder, around.environment),
  });
  expect(explained.branches.map(({ key, status }) => `${key} ${status}`)).toEqual([
    'us completed',
    'eu failed',
    'ap completed',
  ]);
  const second = await run(around);
  expect(second).toMatchObject({ outcome: 'completed', completed: [90, 100], skipped: [50] });
  expect(around.stdout.text).not.toContain('[us]');
  expect(await history(client, known.get('eu')?.id ?? '')).toEqual([
    '60 failed',
    '60 completed',
    '75 completed',
    '90 completed',
  ]);
});

it('runs one branch alone when asked, and waits for the others', async () => {
  const client = await openClient();
  const around = place(client);
  expect(await run(around, { branches: ['eu'] })).toMatchObject({ outcome: 'completed', completed: [50] });
  expect(around.said.join('\n')).toContain('waits at state 90 for us, ap');
  expect((await builds(client)).get('root')?.currentState).toBe(50);
  expect(await run(around)).toMatchObject({ outcome: 'completed', completed: [90, 100] });
});

it('runs completed branches anew when what they are made from has changed', async () => {
  const client = await openClient();
  const around = place(client);
  expect(await run(around, { to: '60' })).toMatchObject({ outcome: 'completed', completed: [50, 90] });
  const changed = yaml.replace('publishing to', 'publishing once more to');
  writeFileSync(join(around.folder, 'buildstate.yaml'), changed);
  expect(await run(around)).toMatchObject({ outcome: 'completed', completed: [90, 100], skipped: [50] });
  expect(around.stdout.text).toContain('[ap] publishing once more to ap none');
  expect((await builds(client)).get('us')?.buildNumber).toBe('1/us~2');
});

it('stops all branches on a signal, and continues them', async () => {
  const client = await openClient();
  const slow = yaml.replace(
    'test ! -e',
    'test -e go || { touch "began-$BLDST_BRANCH"; sleep 60; }; test ! -e',
  );
  const around = place(client, { 'buildstate.yaml': slow });
  const running = run(around, { parallel: 3 });
  await expect
    .poll(() => ['us', 'eu', 'ap'].every((key) => existsSync(join(around.folder, `began-${key}`))), {
      timeout: 60_000,
    })
    .toBe(true);
  around.interrupts.interrupt('SIGINT');
  expect(await running).toMatchObject({ outcome: 'interrupted', signal: 'SIGINT' });
  const known = await builds(client);
  for (const key of ['us', 'eu', 'ap'])
    expect(await history(client, known.get(key)?.id ?? '')).toEqual(['60 abandoned']);
  const again = bench(client);
  writeFiles(again.folder, { 'buildstate.yaml': slow, go: '' });
  expect(await run(again)).toMatchObject({ outcome: 'completed', completed: [90, 100] });
}, 120_000);
