import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BuildStateClient } from '../../src/client.ts';
import { explainRun } from '../../src/run/explain-run.ts';
import { readBuildFile } from '../../src/run/file/read-build-file.ts';
import { runBuild } from '../../src/run/run-build.ts';
import type { RunRequest } from '../../src/run/run-request.ts';
import { writeFiles } from '../step/temporary-folder.ts';
import { type Bench, bench, openClient } from '../step/workbench.ts';
import { adminKey, liveServer } from '../support/live-server.ts';

const yaml = `project: images
platform: aws
env: { FLAVOUR: "\${FLAVOUR:-plain}" }
reuse: true
states:
  - code: 10
    run: mkdir -p out && cat base.txt > out/base.img && echo size=5 >> "$BLDST_OUTPUT" && echo ran-10
    produces: { base: out/base.img, log: out/base.img }
    inputs: [base.txt]
  - code: 25
    needs: [base]
    run: cat "$BLDST_ARTIFACT_BASE" harden.txt > out/hardened.img && echo ran-25
    produces: { hardened: out/hardened.img }
    inputs: [harden.txt]
    variables: [size]
  - code: 100
    needs: [hardened]
    run: cat "$BLDST_ARTIFACT_HARDENED" && echo ran-100 $BLDST_VAR_SIZE
`;
const inputs = { 'base.txt': 'base\n', 'harden.txt': 'hard\n' };

/** A working copy on another machine, as far as a folder can be one. */
function copyOf(client: BuildStateClient, files: Readonly<Record<string, string>> = {}, text = yaml): Bench {
  const around = bench(client);
  writeFiles(around.folder, { ...inputs, ...files, 'buildstate.yaml': text });
  return around;
}

const fileOf = (around: Bench) => readBuildFile('buildstate.yaml', around.folder, around.environment);

async function run(around: Bench, more: Partial<RunRequest> = {}) {
  around.stdout.text = '';
  return runBuild(around, { file: await fileOf(around), ...more });
}

/** A completed build, and a client over its tracker. */
async function afterOne(client?: BuildStateClient) {
  const tracker = client ?? (await openClient());
  const first = await run(copyOf(tracker));
  expect(first).toMatchObject({ outcome: 'completed', completed: [10, 25, 100], reused: [] });
  return { client: tracker, first: first.build?.id ?? '' };
}

/** The newest artifact with a name. */
async function artifactOf(client: BuildStateClient, build: string, name: string) {
  const [artifact] = await client.artifacts.list(build, { artifactName: name }).all();
  if (artifact === undefined) throw new Error(`there is no ${name}`);
  return artifact;
}

describe('a new build with the same inputs', () => {
  it('takes what the earlier one made, by reference, and says whose it is', async () => {
    const { client, first } = await afterOne();
    const around = copyOf(client);
    const second = await run(around);
    expect(second).toMatchObject({ outcome: 'completed', completed: [10, 25, 100], reused: [10, 25] });
    expect(around.stdout.text).toBe('base\nhard\nran-100 5\n');
    const id = second.build?.id ?? '';
    const [theirs, ours] = [await artifactOf(client, first, 'base'), await artifactOf(client, id, 'base')];
    expect(ours).toMatchObject({
      artifactPath: theirs.artifactPath,
      checksum: theirs.checksum,
      parents: [theirs.id],
      stateCode: 10,
      isResumable: true,
    });
    const [attempt] = await client.builds.attempts(id, { state: 10 }).all();
    expect(attempt).toMatchObject({
      status: 'completed',
      startInferred: true,
      artifactStoragePath: theirs.artifactPath,
      metadata: { reused_from: { build_id: first, build: 'images:1' } },
    });
    expect(attempt?.message).toContain('images:1');
    expect((await client.variables.get(id, 'size')).setAtState).toBe(10);
    // The third finds them in either.
    expect(await run(copyOf(client))).toMatchObject({ reused: [10, 25] });
  });

  it('is foreseen, state by state', async () => {
    const { client } = await afterOne();
    const around = copyOf(client);
    const { plan } = await explainRun(around, { file: await fileOf(around) });
    expect(plan.entries.map(({ code, action }) => `${action} ${code}`)).toEqual([
      'reuse 10',
      'reuse 25',
      'run 100',
    ]);
    expect(plan.entries[0]?.reason).toContain('images:1');
    expect(await client.builds.list().all()).toHaveLength(1);
  });

  it('over a server, whose own disk holds the bytes', async () => {
    const server = await liveServer();
    onTestFinished(() => server.remove());
    const { client } = await afterOne(await openClient(server.url, { apiKey: adminKey }));
    const around = copyOf(client);
    expect(await run(around)).toMatchObject({ outcome: 'completed', reused: [10, 25] });
    expect(around.stdout.text).toBe('base\nhard\nran-100 5\n');
  });

  it('is not asked for with --no-reuse, and is with --reuse where the file does not say', async () => {
    const { client } = await afterOne();
    expect(await run(copyOf(client), { reuse: false })).toMatchObject({ reused: [] });
    const silent = yaml.replace('reuse: true\n', '');
    expect(await run(copyOf(client, {}, silent))).toMatchObject({ reused: [] });
    expect(await run(copyOf(client, {}, silent), { reuse: true })).toMatchObject({ reused: [10, 25] });
    const own = silent.replace('  - code: 25\n', '  - code: 25\n    reuse: true\n');
    expect(await run(copyOf(client, {}, own))).toMatchObject({ reused: [25] });
  });
});

describe('a state runs by itself', () => {
  it.each([
    ['another input file', { 'base.txt': 'other\n' }, yaml, []],
    ['another input of a later state', { 'harden.txt': 'other\n' }, yaml, [10]],
    ['another command', {}, yaml.replace('echo ran-25', 'echo ran-again'), [10]],
    ['another environment', {}, yaml.replace(':-plain', ':-rich'), []],
    ['another platform', {}, yaml.replace('platform: aws', 'platform: azure'), []],
    ['another product', {}, yaml.replace('hardened: out/hardened', 'hardened: ./out/hardened'), [10]],
  ] as const)('with %s', async (_title, files, text, reused) => {
    const { client } = await afterOne();
    expect(await run(copyOf(client, files, text))).toMatchObject({ outcome: 'completed', reused });
  });

  it('where what the earlier build made is gone, and that is recorded there', async () => {
    const { client, first } = await afterOne();
    const base = await artifactOf(client, first, 'base');
    rmSync(fileURLToPath(base.artifactPath));
    const around = copyOf(client);
    expect(await run(around)).toMatchObject({ outcome: 'completed', reused: [25] });
    expect(around.stdout.text).toContain('ran-10\n');
    expect((await artifactOf(client, first, 'base')).verificationStatus).toBe('missing');
  });

  it('that depends on a secret or has set one, and no digest of it is written down', async () => {
    const secret = yaml
      .replace('platform: aws\n', 'platform: aws\nsecrets: [TOKEN]\n')
      .replace('echo size=5', 'echo size=$TOKEN');
    const client = await openClient();
    const withToken = () => {
      const around = copyOf(client, {}, secret);
      return { ...around, environment: { ...around.environment, TOKEN: 'tell-nobody-4711' } } as Bench;
    };
    await run(withToken());
    const second = await run(withToken());
    expect(second).toMatchObject({ outcome: 'completed', reused: [] });
    const id = second.build?.id ?? '';
    expect(await client.variables.list(id)).toMatchObject([{ variableKey: 'size', isSensitive: true }]);
    const [attempt] = await client.builds.attempts(id, { state: 25 }).all();
    expect(attempt?.metadata.made_from).toBeUndefined();
    const { metadata } = await artifactOf(client, id, 'hardened');
    expect(metadata.made_from).toBeUndefined();
  });
});

describe('bytes that turn out bad during a run', () => {
  it('send it back to the state that made them, in the same run', async () => {
    const client = await openClient();
    const broken = copyOf(client, {}, yaml.replace('&& echo ran-100', '&& test ! -e broken && echo ran-100'));
    writeFileSync(join(broken.folder, 'broken'), '');
    const failed = await run(broken);
    expect(failed).toMatchObject({ outcome: 'failed', state: 100 });
    const id = failed.build?.id ?? '';
    const { artifactPath } = await artifactOf(client, id, 'hardened');
    writeFileSync(fileURLToPath(artifactPath), 'base\nbard\n');
    // On another machine, where there is no copy to fall back to.
    const elsewhere = copyOf(client, {}, yaml);
    expect(await run(elsewhere)).toMatchObject({ outcome: 'completed', exitCode: 0 });
    expect(elsewhere.stdout.text).toBe('ran-25\nbase\nhard\nran-100 5\n');
    expect(elsewhere.said.join('\n')).toMatch(/goes back to state 25/);
    const types = (await client.builds.events(id).all()).map(({ type }) => type);
    expect(types).toContain('artifact.corrupt');
    expect(types).toContain('state.rolled_back');
  });

  it('are found beforehand with --verify, before anything runs', async () => {
    const client = await openClient();
    const broken = copyOf(client, {}, yaml.replace('&& echo ran-100', '&& false'));
    const failed = await run(broken);
    const id = failed.build?.id ?? '';
    rmSync(fileURLToPath((await artifactOf(client, id, 'hardened')).artifactPath));
    const elsewhere = copyOf(client);
    expect(await run(elsewhere, { verify: true })).toMatchObject({ outcome: 'completed' });
    expect(elsewhere.said.join('\n')).toMatch(/"hardened" of state 25 is missing/);
    const attempts = await client.builds.attempts(id, { state: 100 }).all();
    expect(attempts.map(({ status }) => status)).toEqual(['failed', 'completed']);
  });
});
