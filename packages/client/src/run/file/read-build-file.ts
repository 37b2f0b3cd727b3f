import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { NotFoundError, presets } from '@buildstate/core';
import { type Environment, isErrorWithCode } from '@buildstate/node-runtime';
import type {
  BuildFile,
  FanOut,
  FileBranch,
  FileCommand,
  FileRetryPolicy,
  FileState,
  ShellChoice,
} from './build-file.ts';
import { parseDuration } from './duration.ts';
import { expand } from './expand.ts';
import { type FileProblem, fileError, schemaProblems } from './problems.ts';
import { buildFileSchema, type RawBuildFile, type RawState } from './schema.ts';
import { readYaml } from './source-map.ts';

/** The file that `bldst run` reads when none is named. */
export const buildFileName = 'buildstate.yaml';

/** Notes the problems of a file while it is put together. */
class Findings {
  readonly problems: FileProblem[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** A text with its variables filled in; what is wrong with it is noted. */
  filled(text: string, ...path: PropertyKey[]): string {
    const expansion = expand(text, this.#environment);
    if ('text' in expansion) return expansion.text;
    this.problems.push({ path, message: expansion.problem });
    return text;
  }

  check(good: boolean, message: string, ...path: PropertyKey[]): void {
    if (!good) this.problems.push({ path, message });
  }
}

function seconds(value: string | number | undefined): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : value;
}

function commandOf(run: string | readonly string[], shell: ShellChoice | undefined): FileCommand {
  return typeof run === 'string' ? { kind: 'script', script: run, shell } : { kind: 'argv', argv: run };
}

function policyOf(retry: RawState['retry']): FileRetryPolicy | undefined {
  if (retry === undefined || typeof retry === 'boolean') return undefined;
  if (typeof retry === 'string') return { preset: retry };
  const initialDelaySeconds = seconds(retry.initial_delay);
  return {
    preset: retry.preset,
    maxAttempts: retry.max_attempts,
    initialDelaySeconds,
    // A delay that is longer than the longest one of the policy below it would be refused.
    maxDelaySeconds:
      seconds(retry.max_delay) ??
      (initialDelaySeconds === undefined
        ? undefined
        : Math.max(initialDelaySeconds, presets.standard.maxDelaySeconds)),
    multiplier: retry.multiplier,
    jitter: retry.jitter,
    retryOn: retry.retry_on,
  };
}

function stateOf(raw: RawState, shell: ShellChoice | undefined): FileState {
  const needs = Array.isArray(raw.needs)
    ? raw.needs.map((name) => ({ name }))
    : Object.entries(raw.needs ?? {}).map(([name, path]) => ({ name, path }));
  return {
    code: raw.code,
    name: raw.name,
    command: commandOf(raw.run, raw.shell ?? shell),
    produces: Object.entries(raw.produces ?? {}).map(([name, path]) => ({ name, path })),
    needs,
    inputs: raw.inputs ?? [],
    variables: raw.variables ?? [],
    reuse: raw.reuse,
    retry: raw.retry !== undefined && raw.retry !== false,
    policy: policyOf(raw.retry),
    timeoutSeconds: seconds(raw.timeout),
  };
}

const mostTogether = 6;

/** Stands for the key of a branch in the paths of its artifacts. */
const keyInPath = `\${BLDST_BRANCH}`;

/** Paths of a branch's artifacts, which may hold its key. */
function inBranch(state: FileState, key: string): FileState {
  const filled = <T extends { readonly path?: string | undefined }>(one: T): T =>
    one.path === undefined ? one : { ...one, path: one.path.replaceAll(keyInPath, key) };
  return { ...state, produces: state.produces.map(filled), needs: state.needs.map(filled) };
}

/** The states that one branch passes, with its key in the paths of its artifacts. */
export function statesOfBranch({ states }: FanOut, key: string): BuildFile['states'] {
  const [first, ...others] = states;
  return [inBranch(first, key), ...others.map((state) => inBranch(state, key))];
}

/** The state at which branches join: it stands for the states that they pass, by what these are made from. */
function joinState(raw: RawState, states: FanOut['states'], findings: Findings, index: number): FileState {
  const branches = Object.entries(raw.branches ?? {}).map(([key, options]): FileBranch => {
    const path = ['states', index, 'branches', key];
    const env = Object.entries(options?.env ?? {}).map(
      ([name, value]) => [name, findings.filled(value, ...path, 'env', name)] as const,
    );
    const platform =
      options?.platform === undefined ? undefined : findings.filled(options.platform, ...path, 'platform');
    return { key, platform, env: Object.fromEntries(env) };
  });
  const made = new Set<string>();
  const needs = states.flatMap((state) => {
    const outer = state.needs.filter(({ name }) => !made.has(name));
    for (const { name } of state.produces) made.add(name);
    return outer;
  });
  const commands = states.map(({ code, command }) => ({ code, command }));
  const keys = branches.map(({ key }) => key);
  return {
    code: raw.until ?? raw.code,
    name: undefined,
    // Never run: it tells whether what the branches do is still the same.
    command: { kind: 'argv', argv: ['branches', JSON.stringify({ commands, keys })] },
    produces: [],
    needs: needs.filter(({ name }, at) => needs.findIndex((other) => other.name === name) === at),
    inputs: [...new Set(states.flatMap(({ inputs }) => inputs))],
    variables: [...new Set(states.flatMap(({ variables }) => variables))],
    // It makes nothing itself; its states say what may be reused.
    reuse: false,
    retry: false,
    policy: undefined,
    timeoutSeconds: undefined,
    fanOut: {
      branches: branches as unknown as FanOut['branches'],
      states,
      parallel: raw.parallel ?? Math.min(mostTogether, branches.length),
    },
  };
}

/** The states of a file: those that branches pass are gathered in the state at which the branches join. */
function statesOf(raw: RawBuildFile, findings: Findings): FileState[] {
  const states: FileState[] = [];
  for (let index = 0; index < raw.states.length; index++) {
    const first = raw.states[index] as RawState;
    const alone = (['until', 'parallel'] as const).find((key) => first[key] !== undefined);
    if (first.branches === undefined) {
      if (alone !== undefined)
        findings.check(false, 'belongs to a state with branches', 'states', index, alone);
      states.push(stateOf(first, raw.shell));
      continue;
    }
    const until = first.until ?? first.code;
    findings.check(
      until >= first.code,
      `is ${until}, before state ${first.code} begins`,
      'states',
      index,
      'until',
    );
    const passed = [stateOf(first, raw.shell)];
    for (let next = index + 1; (raw.states[next]?.code ?? 101) <= until; next++) {
      const state = raw.states[next] as RawState;
      const inner = (['branches', 'until', 'parallel'] as const).find((key) => state[key] !== undefined);
      if (inner !== undefined)
        findings.check(false, 'cannot be used within the states of other branches', 'states', next, inner);
      passed.push(stateOf(state, raw.shell));
    }
    states.push(joinState(first, passed as unknown as FanOut['states'], findings, index));
    index += passed.length - 1;
  }
  return states;
}

/** What the schema cannot say: the order of states. */
function checkOrder(states: readonly RawState[], findings: Findings): void {
  for (const [index, { code }] of states.entries()) {
    const previous = states[index - 1]?.code ?? -1;
    const message = `is ${code} after ${previous}: states ascend, and each code stands once`;
    findings.check(previous < code, message, 'states', index, 'code');
  }
}

function assemble(path: string, raw: RawBuildFile, findings: Findings): BuildFile {
  const states = statesOf(raw, findings);
  const commands = (list: RawBuildFile['before']) => (list ?? []).map((run) => commandOf(run, raw.shell));
  const project = findings.filled(raw.project, 'project');
  findings.check(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(project) || project.includes('${'),
    'must begin with a letter or digit and have letters, digits, dots, hyphens and underscores only',
    'project',
  );
  const buildNumber = findings.filled(String(raw.build_number ?? 'auto'), 'build_number');
  findings.check(buildNumber.trim() !== '', 'is empty', 'build_number');
  checkOrder(raw.states, findings);
  const env = Object.entries(raw.env ?? {}).map(
    ([name, value]) => [name, findings.filled(value, 'env', name)] as const,
  );
  return {
    path,
    folder: dirname(path),
    project,
    platform: raw.platform === undefined ? undefined : findings.filled(raw.platform, 'platform'),
    buildNumber,
    artifacts: raw.artifacts === undefined ? undefined : findings.filled(raw.artifacts, 'artifacts'),
    env: Object.fromEntries(env),
    secrets: raw.secrets ?? [],
    reuse: raw.reuse ?? false,
    before: commands(raw.before),
    finally: commands(raw.finally),
    states: states as unknown as BuildFile['states'],
  };
}

/**
 * Understands the text of a build file.
 * @param path the file, absolute
 * @throws ValidationError that names every problem with its line and column
 */
export function parseBuildFile(path: string, text: string, environment: Environment): BuildFile {
  const yaml = readYaml(text);
  const name = basename(path);
  if (yaml.problems.length > 0) {
    throw fileError(
      name,
      yaml.problems.map(({ place, message }) => ({ path: [], place, message })),
    );
  }
  const placed = (problem: FileProblem) => ({ ...problem, place: yaml.placeOf(problem.path) });
  const checked = buildFileSchema.safeParse(yaml.value);
  if (!checked.success)
    throw fileError(name, schemaProblems(buildFileSchema, yaml.value, checked.error).map(placed));
  const findings = new Findings(environment);
  const file = assemble(path, checked.data, findings);
  if (findings.problems.length > 0) throw fileError(name, findings.problems.map(placed));
  return file;
}

/** The folder's build file under another name, if it has one that somebody may have meant. */
async function similarFile(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return [];
    throw error;
  });
  return names.find((name) => /^\.?buildstate\.ya?ml$/i.test(name));
}

/** The error for a build file that is not there, with the one that may be meant. */
async function missingError(path: string, cause: unknown): Promise<NotFoundError> {
  const similar = await similarFile(dirname(path));
  const advice =
    similar === undefined || similar === basename(path)
      ? `Name one, or go to the folder with ${buildFileName}.`
      : `Did you mean ${join(dirname(path), similar)}?`;
  return new NotFoundError(`There is no file ${path}. ${advice}`, { cause, context: { path } });
}

/**
 * Reads a build file.
 * @param path relative to `folder` or absolute; of a folder, the build file in it is read
 * @throws NotFoundError when there is none; ValidationError that names every problem with its line and column
 */
export async function readBuildFile(
  path: string,
  folder: string,
  environment: Environment,
): Promise<BuildFile> {
  const absolute = resolve(folder, path);
  try {
    return parseBuildFile(absolute, await readFile(absolute, 'utf8'), environment);
  } catch (error) {
    if (isErrorWithCode(error, 'EISDIR') && basename(absolute) !== buildFileName)
      return readBuildFile(buildFileName, absolute, environment);
    if (!isErrorWithCode(error, 'ENOENT', 'EISDIR')) throw error;
    throw await missingError(absolute, error);
  }
}
