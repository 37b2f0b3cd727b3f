import { join } from 'node:path';
import { ValidationError } from '@buildstate/core';
import type { Environment } from '@buildstate/node-runtime';
import { describe, expect, it } from 'vitest';
import { parseBuildFile, readBuildFile, statesOfBranch } from '../../src/run/file/read-build-file.ts';
import { temporaryFolder, writeFiles } from '../step/temporary-folder.ts';

const parse = (text: string, environment: Environment = {}) =>
  parseBuildFile('/work/buildstate.yaml', text, environment);

function problemsOf(text: string, environment: Environment = {}): string[] {
  try {
    parse(text, environment);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return error.problems.map(({ path, message }) => `${path.replace('buildstate.yaml:', '')} ${message}`);
  }
  return [];
}

const minimal = 'project: base\nstates:\n  - { code: 100, run: make }\n';

describe('a build file', () => {
  it('is read with its defaults', () => {
    expect(parse(minimal)).toEqual({
      path: '/work/buildstate.yaml',
      folder: '/work',
      project: 'base',
      platform: undefined,
      buildNumber: 'auto',
      artifacts: undefined,
      env: {},
      reuse: false,
      secrets: [],
      before: [],
      finally: [],
      states: [
        {
          code: 100,
          name: undefined,
          command: { kind: 'script', script: 'make', shell: undefined },
          produces: [],
          needs: [],
          inputs: [],
          variables: [],
          reuse: undefined,
          retry: false,
          policy: undefined,
          timeoutSeconds: undefined,
        },
      ],
    });
  });

  it('is read with everything that it may say', () => {
    const text = `
project: rhel9-\${FLAVOUR:-base}
platform: aws-\${REGION}
build_number: 17
artifacts: s3://\${BUCKET}/x
env: { PRICE: "5$$", REGION: "\${REGION}" }
secrets: [VAULT_PASSWORD]
shell: sh
before: [./up.sh, [./tunnel, --up]]
finally: [./down.sh]
states:
  - code: 10
    name: base-image-created
    run: packer build \${NOT_EXPANDED}
    produces: { base-image: output/base.qcow2, log: packer.log }
    inputs: [base.pkr.hcl, http/**]
    variables: [release]
    retry: { max_attempts: 4, initial_delay: 5m, max_delay: 30m, multiplier: 3, jitter: full, retry_on: [transient] }
    timeout: 45m
  - code: 25
    needs: [base-image]
    run: [ansible-playbook, harden.yml]
    retry: immediate
  - code: 100
    needs: { base-image: ./in.qcow2 }
    shell: [python3, -c]
    run: print(1)
    retry: true
    timeout: 90
`;
    const file = parse(text, { REGION: 'eu', BUCKET: 'b' });
    expect(file).toMatchObject({
      project: 'rhel9-base',
      platform: 'aws-eu',
      buildNumber: '17',
      artifacts: 's3://b/x',
      env: { PRICE: '5$', REGION: 'eu' },
      secrets: ['VAULT_PASSWORD'],
      before: [
        { kind: 'script', script: './up.sh', shell: 'sh' },
        { kind: 'argv', argv: ['./tunnel', '--up'] },
      ],
    });
    const [first, second, third] = file.states;
    expect(first).toMatchObject({
      command: { kind: 'script', script: `packer build \${NOT_EXPANDED}`, shell: 'sh' },
      produces: [
        { name: 'base-image', path: 'output/base.qcow2' },
        { name: 'log', path: 'packer.log' },
      ],
      variables: ['release'],
      retry: true,
      policy: {
        maxAttempts: 4,
        initialDelaySeconds: 300,
        maxDelaySeconds: 1800,
        multiplier: 3,
        jitter: 'full',
      },
      timeoutSeconds: 2700,
    });
    expect(second).toMatchObject({
      needs: [{ name: 'base-image' }],
      command: { kind: 'argv', argv: ['ansible-playbook', 'harden.yml'] },
      retry: true,
      policy: { preset: 'immediate' },
    });
    expect(third).toMatchObject({
      needs: [{ name: 'base-image', path: './in.qcow2' }],
      command: { kind: 'script', shell: ['python3', '-c'] },
      retry: true,
      policy: undefined,
      timeoutSeconds: 90,
    });
  });

  it('tells every problem with its line and column, in the order of the file', () => {
    const text = `project: base
plattform: x
env: { 9A: "1", B: 3 }
states:
  - code: 10
    run: 7
    retry: { max_attempt: 4, initial_delay: 5x }
    timeout: soon
  - code: 160
    needs: 4
    produce: x
`;
    expect(problemsOf(text)).toEqual([
      '2:1 plattform is not a known key; did you mean platform?',
      '3:8 env.9A must be the name of an environment variable',
      '3:17 env.B must be a text: put it in quotes',
      '6:5 states[0].run must be a text or a list',
      '7:14 states[0].retry.max_attempt is not a known key; did you mean max_attempts?',
      '7:30 states[0].retry.initial_delay must be a number of seconds, or a duration such as 90s, 45m or 1h30m',
      '8:5 states[0].timeout must be a number of seconds, or a duration such as 90s, 45m or 1h30m',
      '9:5 states[1].code is too big: expected number to be <=100',
      '9:5 states[1].run is missing',
      '10:5 states[1].needs must be a list or a map',
      '11:5 states[1].produce is not a known key; did you mean produces?',
    ]);
  });

  it('gathers the states that branches pass in the one at which they join', () => {
    const text = `project: p
states:
  - { code: 60, run: a, branches: { us: {}, eu: { env: { A: '\${B}' } } }, until: 90, needs: { i: 'in-\${BLDST_BRANCH}' } }
  - { code: 70, run: b, produces: { o: 'out-\${BLDST_BRANCH}' } }
  - { code: 100, run: c }
`;
    const file = parse(text, { B: 'b' });
    expect(file.states.map(({ code }) => code)).toEqual([90, 100]);
    const [join] = file.states;
    expect(join.fanOut).toMatchObject({
      branches: [{ key: 'us' }, { key: 'eu', env: { A: 'b' } }],
      states: [{ code: 60 }, { code: 70 }],
      parallel: 2,
    });
    if (join.fanOut === undefined) return;
    expect(statesOfBranch(join.fanOut, 'eu')).toMatchObject([
      { needs: [{ name: 'i', path: 'in-eu' }] },
      { produces: [{ name: 'o', path: 'out-eu' }] },
    ]);
  });

  it.each([
    ['branches: { us: {} }, until: 50', /^3:\d+ states\[0\]\.until is 50, before state 60 begins/],
    ['branches: { a/b: {} }', /^3:\d+ states\[0\]\.branches.* must have letters/],
    ['branches: {}', /^3:\d+ states\[0\]\.branches must name at least one branch/],
    ['until: 90', /^3:\d+ states\[0\]\.until belongs to a state with branches/],
    ['branches: { us: { zone: x } }', /^3:\d+ states\[0\]\.branches\.us\.zone is not a known key/],
  ])('refuses %s', (fields, problem) => {
    const text = `project: p\nstates:\n  - { code: 60, run: a, ${fields} }\n`;
    expect(problemsOf(text)).toEqual([expect.stringMatching(problem)]);
  });

  it('refuses branches within the states of branches', () => {
    const text = `project: p
states:
  - { code: 60, run: a, branches: { us: {} }, until: 90 }
  - { code: 70, run: b, branches: { x: {} } }
`;
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^4:\d+ states\[1\]\.branches cannot be used/)]);
  });

  it.each<[string, string, RegExp]>([
    ['YAML that is none', 'project: [\n', /^2:1 /],
    ['a key that stands twice', 'project: a\nproject: b\n', /^2:1 .*unique/],
    ['an empty file', '', /^1:1 must be a map/],
    ['a list', '- a\n', /^1:1 must be a map/],
    ['no states', 'project: a\nstates: []\n', /^2:1 states is too small/],
    [
      'states that do not ascend',
      `${minimal}  - { code: 100, run: x }\n`,
      /^4:7 states\[1\]\.code is 100 after 100/,
    ],
    ['a variable that is not set', minimal.replace('base', `\${NONE}`), /^1:1 project uses \$\{NONE\}/],
    ['a project that is no name', minimal.replace('base', '"a b"'), /^1:1 project must begin/],
    [
      'a number with a fraction',
      `build_number: 1.50\n${minimal}`,
      /^1:1 build_number must be a text or a whole number/,
    ],
    ['half a state code', minimal.replace('100', '12.5'), /^3:7 states\[0\]\.code must be a whole number/],
  ])('refuses %s', (_, text, expected) => {
    expect(problemsOf(text)[0]).toMatch(expected);
  });

  it('is looked for in the folder', async () => {
    const folder = temporaryFolder();
    await expect(readBuildFile('buildstate.yaml', folder, {})).rejects.toMatchObject({ kind: 'not_found' });
    writeFiles(folder, { 'buildstate.yaml': minimal });
    expect((await readBuildFile('buildstate.yaml', folder, {})).folder).toBe(folder);
  });

  it('is the one in a folder that is named', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'd/buildstate.yaml': minimal });
    expect((await readBuildFile('d', folder, {})).folder).toBe(join(folder, 'd'));
  });

  it('is suggested when it has another ending', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'd/buildstate.yml': minimal });
    const suggestion = expect.stringContaining(`Did you mean ${join(folder, 'd/buildstate.yml')}?`);
    for (const path of ['d', 'd/buildstate.yaml'])
      await expect(readBuildFile(path, folder, {})).rejects.toMatchObject({ message: suggestion });
  });

  it('cannot be a folder, or be in one that is not there', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'buildstate.yaml/x': '' });
    for (const path of ['buildstate.yaml', 'none/buildstate.yaml'])
      await expect(readBuildFile(path, folder, {})).rejects.toThrow(/There is no file .*Name one/);
  });
});
