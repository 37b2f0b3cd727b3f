import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';
import { bench, history, newBuild, openClient, step } from './workbench.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a step that succeeds', () => {
  it('is recorded as completed, with its output passed on', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const around = bench(client);
    const result = await step(around, build, 'base-image-created', 'echo out; echo err >&2');
    expect(result).toEqual({ outcome: 'completed', exitCode: 0 });
    expect([around.stdout.text, around.stderr.text]).toEqual(['out\n', 'err\n']);
    expect(await history(client, build)).toEqual(['10 completed']);
    expect((await client.builds.get(build)).lease).toBeNull();
  });

  it('tells its command about the build', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    await client.variables.set(build, { variableKey: 'image.name', variableValue: "it's" });
    await client.variables.set(build, {
      variableKey: 'token',
      variableValue: 'very-secret',
      isSensitive: true,
    });
    const around = bench(client);
    const names =
      'BLDST_BUILD_ID BLDST_STATE BLDST_ATTEMPT BLDST_VAR_IMAGE_NAME BLDST_VAR_TOKEN BLDST_LEASE_TOKEN';
    await step(around, build, 10, `for name in ${names}; do eval "echo \\$name=\\$$name"; done`);
    expect(around.stdout.text.trim().split('\n')).toEqual([
      `BLDST_BUILD_ID=${build}`,
      'BLDST_STATE=10',
      'BLDST_ATTEMPT=1',
      "BLDST_VAR_IMAGE_NAME=it's",
      'BLDST_VAR_TOKEN=***',
      'BLDST_LEASE_TOKEN=1',
    ]);
  });

  it('stores what it makes and completes with the first product', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const around = bench(client);
    await step(around, build, 10, 'mkdir out; printf image > out/base.img; printf log > out/build.log', {
      produces: [
        { name: 'base-image', path: 'out/base.img' },
        { name: 'log', path: 'out/build.log' },
      ],
    });
    const artifacts = await client.artifacts.list(build).all();
    expect(
      artifacts
        .map(({ artifactName, checksum, sizeBytes, metadata }) => [
          artifactName,
          checksum,
          sizeBytes,
          metadata.relative_path,
        ])
        .toSorted(),
    ).toEqual([
      ['base-image', sha256('image'), 5, 'out/base.img'],
      ['log', sha256('log'), 3, 'out/build.log'],
    ]);
    const [attempt] = await client.builds.attempts(build).all();
    expect(attempt).toMatchObject({ status: 'completed', artifactChecksum: `sha256:${sha256('image')}` });
  });

  it('makes variables of the build from what the command writes to its output file', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const around = bench(client);
    around.masker.add(['hunter2-hunter2']);
    await step(
      around,
      build,
      10,
      'echo ami=ami-1 >> "$BLDST_OUTPUT"; printf "k<<E\\na\\nb\\nE\\np=hunter2-hunter2\\n" >> "$BLDST_OUTPUT"',
    );
    expect(await client.variables.dict(build)).toEqual({ ami: 'ami-1', k: 'a\nb' });
    expect(await client.variables.get(build, 'p')).toMatchObject({ isSensitive: true, setAtState: 10 });
  });
});

describe('a step that is done', () => {
  it('is not run again with the same inputs, also in another folder', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const more = { inputs: ['conf/**'], produces: [{ name: 'x', path: 'x' }] };
    for (const expected of ['completed', 'skipped', 'skipped']) {
      const around = bench(client);
      writeFiles(around.folder, { 'conf/a': '1', 'conf/b': '2' });
      const result = await step(around, build, 10, 'echo ran; echo x > x', more);
      expect(result.outcome).toBe(expected);
      expect(around.stdout.text).toBe(expected === 'completed' ? 'ran\n' : '');
    }
    expect(await history(client, build)).toEqual(['10 completed']);
  });

  it.each<[string, (folder: string) => void, string, object]>([
    ['an input file', (folder) => writeFileSync(join(folder, 'a'), 'other'), 'true', {}],
    ['the command line', () => {}, 'true; true', {}],
  ])('is run again when %s changes', async (_, change, script, more) => {
    const client = await openClient();
    const build = await newBuild(client);
    const around = bench(client);
    writeFiles(around.folder, { a: '1' });
    await step(around, build, 10, 'true', { inputs: ['a'] });
    change(around.folder);
    expect((await step(around, build, 10, script, { inputs: ['a'], ...more })).outcome).toBe('completed');
    expect(await history(client, build)).toEqual(['10 completed', '10 completed']);
  });

  it('is run again when a declared variable changes, a sensitive one too', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const around = bench(client);
    for (const isSensitive of [false, true]) {
      const [state, variableKey] = isSensitive ? [20, 'b'] : [10, 'a'];
      const more = { variables: [variableKey] };
      await client.variables.set(build, { variableKey, variableValue: 'value-1', isSensitive });
      expect((await step(around, build, state, 'true', more)).outcome).toBe('completed');
      expect((await step(around, build, state, 'true', more)).outcome).toBe('skipped');
      await sleep(5);
      await client.variables.set(build, { variableKey, variableValue: 'value-2', isSensitive });
      expect((await step(around, build, state, 'true', more)).outcome).toBe('completed');
    }
    const attempts = await client.builds.attempts(build).all();
    expect(JSON.stringify(attempts)).not.toContain('value-1');
  });

  it('says once why it is run again', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const around = bench(client);
    await step(around, build, 10, 'true');
    await step(around, build, 10, 'true; true');
    expect(around.said).toEqual(['State 10 is completed, but the command changed; it is run again.']);
  });

  it('counts as done when it was recorded without inputs', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    await client.builds.record(build, { state: 10 });
    expect(await step(bench(client), build, 10, 'exit 1')).toMatchObject({ outcome: 'skipped', exitCode: 0 });
  });

  it('cannot be run again behind the build: that takes a rollback', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const around = bench(client);
    await step(around, build, 10, 'true');
    await step(around, build, 20, 'true');
    await expect(step(around, build, 10, 'false')).rejects.toMatchObject({ code: 'illegal_transition' });
    expect(around.said).toEqual([]);
    expect((await client.builds.get(build)).lease).toBeNull();
  });
});

describe('a step that fails', () => {
  it('passes the exit code through and records the last lines, secrets hidden', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const around = bench(client);
    around.masker.add(['hunter2-hunter2']);
    const result = await step(
      around,
      build,
      35,
      'echo starting; echo "Connection timed out for hunter2-hunter2" >&2; exit 3',
    );
    expect(result).toMatchObject({
      outcome: 'failed',
      exitCode: 3,
      retryDecision: { retry: true, category: 'transient' },
    });
    const [attempt] = await client.builds.attempts(build).all();
    expect(attempt).toMatchObject({ status: 'failed', errorCode: 'exit_3', errorDetails: { exit_code: 3 } });
    expect(attempt?.errorMessage).toContain('Connection timed out for ***');
    expect(attempt?.errorMessage).toMatch(/starting(.|\n)*The command exited with code 3\.$/);
    expect(around.said.join('\n')).toContain('allows try 2 of 3');
    expect((await client.builds.get(build)).status).toBe('failed');
  });

  it('continues with the same line', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const around = bench(client);
    const script = 'test -e mended';
    expect((await step(around, build, 10, script)).outcome).toBe('failed');
    writeFiles(around.folder, { mended: '' });
    expect((await step(around, build, 10, script)).outcome).toBe('completed');
    expect(await history(client, build)).toEqual(['10 failed', '10 completed']);
  });

  it('is tried again with retry, as the policy says, until it succeeds or the tries are used up', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    await client.retryPolicies.put('images', 10, { maxAttempts: 3, initialDelaySeconds: 0 });
    const around = bench(client);
    const script = 'echo x >> tries; test "$(wc -l < tries)" -ge 3';
    expect((await step(around, build, 10, script, { retry: true })).outcome).toBe('completed');
    expect(await history(client, build)).toEqual(['10 failed', '10 failed', '10 completed']);
    await client.retryPolicies.put('images', 20, { maxAttempts: 2, initialDelaySeconds: 0 });
    expect(await step(around, build, 20, 'exit 4', { retry: true })).toMatchObject({
      outcome: 'failed',
      exitCode: 4,
    });
    expect((await history(client, build)).slice(3)).toEqual(['20 failed', '20 failed']);
  });

  it('is not tried again when the failure is persistent', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const result = await step(bench(client), build, 10, 'echo "Error: quota exceeded" >&2; exit 1', {
      retry: true,
    });
    expect(result).toMatchObject({
      outcome: 'failed',
      retryDecision: { retry: false, category: 'persistent' },
    });
    expect(await history(client, build)).toEqual(['10 failed']);
  });

  it('fails when it takes too long', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const result = await step(bench(client), build, 10, 'sleep 60', { timeoutSeconds: 0.3 });
    expect(result).toMatchObject({ outcome: 'failed', exitCode: undefined, error: { kind: 'timeout' } });
    const [attempt] = await client.builds.attempts(build).all();
    expect(attempt).toMatchObject({ status: 'failed', errorCode: 'timeout', errorCategory: 'transient' });
  });

  it('fails when its program is not there', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const result = await step(bench(client), build, 10, '', { argv: ['no-such-program'] });
    expect(result).toMatchObject({ outcome: 'failed', exitCode: undefined, error: { kind: 'not_found' } });
    expect(await history(client, build)).toEqual(['10 failed']);
  });

  it('fails when a product is missing, and nothing is stored', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const around = bench(client);
    const result = await step(around, build, 10, 'echo a > a', {
      produces: [
        { name: 'a', path: 'a' },
        { name: 'b', path: 'b' },
      ],
    });
    expect(result).toMatchObject({ outcome: 'failed', error: { kind: 'not_found' } });
    expect(await client.artifacts.list(build).all()).toEqual([]);
  });
});

describe('what a step needs', () => {
  async function withImage(content = 'image') {
    const client = await openClient();
    const build = await newBuild(client);
    const producer = bench(client);
    await step(producer, build, 10, `mkdir -p out; printf '${content}' > out/base.img`, {
      produces: [{ name: 'base-image', path: 'out/base.img' }],
    });
    return { client, build, producer };
  }
  const needs = [{ name: 'base-image' }];

  it('is restored in another folder to where it was made, and named by a variable', async () => {
    const { client, build } = await withImage();
    const around = bench(client);
    await step(around, build, 20, 'cat "$BLDST_ARTIFACT_BASE_IMAGE"', { needs });
    expect(around.stdout.text).toBe('image');
    expect(readFileSync(join(around.folder, 'out/base.img'), 'utf8')).toBe('image');
  });

  it('is left alone where it is already', async () => {
    const { build, producer } = await withImage();
    await step(producer, build, 20, 'true', { needs });
    expect(producer.said.join('\n')).toContain('is there and verified');
  });

  it('is a copy: a step may edit it, and a second try starts from the first content', async () => {
    const { client, build } = await withImage();
    const around = bench(client);
    const script = 'printf X >> in.img; cat in.img; test -e mended';
    const more = { needs: [{ name: 'base-image', path: 'in.img' }] };
    expect((await step(around, build, 20, script, more)).outcome).toBe('failed');
    writeFiles(around.folder, { mended: '' });
    expect((await step(around, build, 20, script, more)).outcome).toBe('completed');
    expect(around.stdout.text).toBe('imageXimageX');
  });

  it('does not overwrite a file with other content, unless forced', async () => {
    const { client, build } = await withImage();
    const around = bench(client);
    writeFiles(around.folder, { 'out/base.img': 'mine!' });
    await expect(step(around, build, 20, 'true', { needs })).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('replace it with --force'),
    });
    expect(readFileSync(join(around.folder, 'out/base.img'), 'utf8')).toBe('mine!');
    expect(await history(client, build)).toEqual(['10 completed']);
    await step({ ...around, force: true }, build, 20, 'true', { needs });
    expect(readFileSync(join(around.folder, 'out/base.img'), 'utf8')).toBe('image');
  });

  it('counts as an input', async () => {
    const { client, build } = await withImage();
    await step(bench(client), build, 20, 'true', { needs });
    expect((await step(bench(client), build, 20, 'true', { needs })).outcome).toBe('skipped');
    await client.builds.rollback(build, { targetState: 0 });
    const other = bench(client);
    await step(other, build, 10, 'mkdir -p out; printf other > out/base.img', {
      produces: [{ name: 'base-image', path: 'out/base.img' }],
    });
    const again = bench(client);
    expect((await step(again, build, 20, 'cat out/base.img', { needs })).outcome).toBe('completed');
    expect(again.stdout.text).toBe('other');
  });

  it('must be there, before anything is recorded', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    await expect(step(bench(client), build, 20, 'true', { needs })).rejects.toMatchObject({
      kind: 'not_found',
    });
    expect(await history(client, build)).toEqual([]);
    expect((await client.builds.get(build)).lease).toBeNull();
  });

  it('is never delivered damaged: the state fails and the command does not run', async () => {
    const { client, build } = await withImage();
    const [artifact] = await client.artifacts.list(build).all();
    const stored = new URL(artifact?.artifactPath ?? '').pathname;
    writeFileSync(stored, 'imagX');
    const around = bench(client);
    const result = await step(around, build, 20, 'echo ran', { needs });
    expect(result).toMatchObject({ outcome: 'failed', exitCode: undefined, error: { kind: 'integrity' } });
    expect(around.stdout.text).toBe('');
    expect(existsSync(join(around.folder, 'out/base.img'))).toBe(false);
    await expect(step(around, build, 20, 'echo ran', { needs })).rejects.toMatchObject({
      kind: 'integrity',
      message: expect.stringMatching(/"base-image" of state 10.*corrupt.*run state 10 again/),
    });
  });
});

describe('a step that is asked to stop', () => {
  it('is recorded as abandoned within five seconds, and the same line continues', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const around = bench(client);
    const running = step(around, build, 10, 'trap "sleep 60" TERM; echo ready; sleep 60');
    while (around.stdout.text === '') await sleep(20);
    const begun = performance.now();
    around.interrupts.interrupt('SIGTERM');
    while ((await history(client, build))[0] !== '10 abandoned') {
      await sleep(50);
      expect(performance.now() - begun).toBeLessThan(5000);
    }
    around.interrupts.interrupt('SIGTERM');
    expect(await running).toMatchObject({ outcome: 'interrupted', signal: 'SIGTERM', exitCode: 137 });
    expect((await step(bench(client), build, 10, 'true')).outcome).toBe('completed');
    expect(await history(client, build)).toEqual(['10 abandoned', '10 completed']);
  });

  it('ends with 128 and the number of the signal', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const around = bench(client);
    const running = step(around, build, 10, 'echo ready; exec sleep 60');
    while (around.stdout.text === '') await sleep(20);
    around.interrupts.interrupt('SIGINT');
    expect(await running).toEqual({ outcome: 'interrupted', signal: 'SIGINT', exitCode: 130 });
  });

  it('stops while it waits for another try', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const around = bench(client);
    const running = step(around, build, 35, 'exit 1', { retry: true });
    while (!around.said.some((line) => line.includes('Waiting'))) await sleep(20);
    around.interrupts.interrupt('SIGINT');
    expect(await running).toMatchObject({ outcome: 'interrupted', exitCode: 130 });
    expect((await client.builds.get(build)).lease).toBeNull();
  });
});

describe('a step within a lease', () => {
  it('reports under it and leaves it', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const around = bench(client);
    await using lease = await client.leases.acquire(build);
    await expect(step(around, build, 10, 'true')).rejects.toMatchObject({ code: 'state_in_progress' });
    const within = { buildId: build, token: lease.token };
    expect((await step(around, build, 10, 'true', { within })).outcome).toBe('completed');
    expect((await client.builds.get(build)).lease?.token).toBe(lease.token);
    const other = await newBuild(client);
    expect((await step(around, other, 10, 'true', { within })).outcome).toBe('completed');
  });
});

describe('two workers', () => {
  it('one of two gets the build, the other is told that it is in progress', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const first = bench(client);
    const running = step(first, build, 10, 'echo ready; sleep 2');
    while (first.stdout.text === '') await sleep(20);
    await expect(step(bench(client), build, 10, 'true')).rejects.toMatchObject({ code: 'state_in_progress' });
    expect((await running).outcome).toBe('completed');
  });

  it('the other waits if it is told to, and finds the state done', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const first = bench(client);
    const script = 'echo ready; sleep 1';
    const running = step(first, build, 10, script);
    while (first.stdout.text === '') await sleep(20);
    const second = bench(client);
    expect((await step(second, build, 10, script, { waitSeconds: 20 })).outcome).toBe('skipped');
    expect((await running).outcome).toBe('completed');
    expect(second.stdout.text).toBe('');
  });

  it('a fenced-out worker is stopped and records nothing', async () => {
    const client = await openClient();
    const build = await newBuild(client);
    const first = bench(client);
    const running = step(first, build, 10, 'echo ready; exec sleep 60', { ttlSeconds: 1.5 });
    while (first.stdout.text === '') await sleep(20);
    const lease = (await client.builds.get(build)).lease;
    // What another machine would do when it believes the holder gone.
    await client.door.call('acquireLease', {
      params: { buildId: build },
      body: { holder: 'other', holderGone: lease?.token },
    });
    await expect(running).rejects.toMatchObject({ code: 'lease_lost' });
    expect(await history(client, build)).toEqual(['10 abandoned']);
    expect((await client.builds.get(build)).lease).toMatchObject({ holder: 'other' });
  });
});

it('keeps folders of steps apart from the user: nothing is left in the temporary folder', async () => {
  const client = await openClient();
  const build = await newBuild(client);
  const around = bench(client, { folder: temporaryFolder() });
  await step(around, build, 10, 'dirname "$BLDST_OUTPUT"');
  expect(existsSync(around.stdout.text.trim())).toBe(false);
});
