import type { Artifact, Build, JsonValue, KeyRing, SealedBox, Variable, WholeBuild } from '@buildstate/core';
import { BuildStateError, canonicalJson, findBreak, variableContext } from '@buildstate/core/light';
import { sha256 } from '../sha256.ts';

/** What a check can be made with besides the store. */
export interface CheckTools {
  /** Throws when the signature of an artifact's record is wrong. Without it signatures are not looked at. */
  readonly checkSignature?: ((artifact: Artifact) => void) | undefined;
  /** Opens sealed variables and checks signed events. Without it, or when it holds no key, they are only looked at. */
  readonly keyRing?: KeyRing | undefined;
}

/** A check of one aspect of a build: what is wrong, as sentences without their full stop. */
type BuildCheck = (whole: WholeBuild, tools: CheckTools) => Iterable<string>;

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a as JsonValue) === canonicalJson(b as JsonValue);
}

/** Whether some of the history was let go of: then nothing can be compared with it. */
const isTrimmed = ({ head, events }: WholeBuild) =>
  head.build.history !== 'full' || events.some(({ type }) => type === 'build.trimmed');

/** Builds that were brought in from elsewhere have unsigned events: here only signatures that are there are checked. */
const always = '9999-12-31T23:59:59.999Z';

function* chain({ events, head }: WholeBuild, { keyRing }: CheckTools): Generator<string> {
  const found = findBreak(events, sha256, head.chain, { keys: keyRing, unsignedBefore: always });
  if (found !== undefined) yield `event ${found.seq} ${found.problem}`;
  const foreign = events.find(({ buildId }) => buildId !== head.build.id);
  if (foreign !== undefined) yield `event ${foreign.seq} belongs to build ${foreign.buildId}`;
}

function* counts(whole: WholeBuild): Generator<string> {
  const { head, attempts, artifacts, variables } = whole;
  const sensitive = variables.filter(({ isSensitive, deletedAt }) => isSensitive && deletedAt === null);
  const found = isTrimmed(whole) ? { artifacts } : { attempts, artifacts, sensitiveVariables: sensitive };
  for (const [name, rows] of Object.entries(found)) {
    const counted = head.counts[name as keyof typeof found];
    if (counted !== rows.length) yield `the head counts ${counted} ${name}, and there are ${rows.length}`;
  }
}

function* openAttempt({ head, attempts }: WholeBuild): Generator<string> {
  const { openAttempt: open } = head;
  for (const { id, status } of attempts)
    if (status === 'in_progress' && id !== open?.id)
      yield `attempt ${id} is in progress, and the head does not know it`;
  if (open === null) return;
  const row = attempts.find(({ id }) => id === open.id);
  if (row === undefined) yield `attempt ${open.id}, which the head has as open, is missing`;
  else if (!same(row, open)) yield `attempt ${open.id} is not what the head has as open`;
  else if (open.status !== 'in_progress')
    yield `attempt ${open.id} is ${open.status}, and the head has it as open`;
}

/** Whether a branch has a state from its parent: no attempt of its own completed it. */
function isInherited({ branchedFromState }: Build, state: number): boolean {
  return branchedFromState !== null && state <= branchedFromState;
}

function* states(whole: WholeBuild): Generator<string> {
  if (isTrimmed(whole)) return;
  const { head, attempts } = whole;
  const known = new Map(attempts.map((attempt) => [attempt.id, attempt]));
  for (const record of Object.values(head.states)) {
    const { state, outcome, completedAttemptId, lastAttemptId } = record;
    const own = attempts.filter((attempt) => attempt.state === state);
    const highest = Math.max(0, ...own.map(({ attempt }) => attempt ?? 0));
    if (record.attempts !== highest)
      yield `the head has ${record.attempts} attempts of state ${state}, and the last one there is number ${highest}`;
    const inherited = outcome !== null && completedAttemptId === null && isInherited(head.build, state);
    if (known.get(lastAttemptId)?.state !== state && !(inherited && lastAttemptId === ''))
      yield `attempt ${lastAttemptId}, the last one of state ${state} by the head, is missing`;
    const completed = completedAttemptId === null ? undefined : known.get(completedAttemptId);
    if (outcome !== null && !inherited && (completed?.state !== state || completed.status !== outcome))
      yield `state ${state} is ${outcome} by the head, and there is no such attempt`;
  }
  for (const state of new Set(attempts.map((attempt) => attempt.state)))
    if (head.states[state] === undefined)
      yield `the head knows nothing of state ${state}, which has attempts`;
}

function* position(whole: WholeBuild): Generator<string> {
  const { head, attempts } = whole;
  const { status, currentState, lastSuccessfulState, failedState } = head.build;
  const done = Object.values(head.states).filter(({ outcome }) => outcome !== null);
  const furthest = Math.max(0, ...done.map(({ state }) => state));
  if (lastSuccessfulState !== furthest)
    yield `the last successful state is ${lastSuccessfulState} by the head, and ${furthest} by its states`;
  if (currentState < lastSuccessfulState || currentState > 100)
    yield `the current state is ${currentState}, and the last successful one ${lastSuccessfulState}`;
  if (status === 'failed' && failedState === null) yield 'the build is failed at no state';
  if (failedState !== null && status !== 'failed' && status !== 'cancelled')
    yield `the build is ${status}, and failed at state ${failedState}`;
  if (isTrimmed(whole) || failedState === null) return;
  if (!attempts.some((row) => row.state === failedState && row.status === 'failed'))
    yield `no attempt at state ${failedState} failed, and the build did`;
}

function* ownership(whole: WholeBuild): Generator<string> {
  const { id } = whole.head.build;
  for (const list of ['attempts', 'artifacts', 'variables', 'resumeRequests', 'jobs'] as const) {
    const ids = new Set<string>();
    for (const row of whole[list]) {
      if (row.buildId !== id) yield `row ${row.id} of its ${list} belongs to build ${row.buildId}`;
      if (ids.has(row.id)) yield `row ${row.id} of its ${list} is there twice`;
      ids.add(row.id);
    }
  }
}

function* artifacts({ artifacts: rows }: WholeBuild, { checkSignature }: CheckTools): Generator<string> {
  const ids = new Set(rows.map(({ id }) => id));
  const names = new Set<string>();
  for (const artifact of rows) {
    const { id, artifactName, supersededBy, deletedAt } = artifact;
    if (supersededBy !== null && !ids.has(supersededBy))
      yield `artifact ${id} was superseded by ${supersededBy}, which is missing`;
    if (supersededBy === null && deletedAt === null) {
      if (names.has(artifactName)) yield `two live artifacts are called ${artifactName}`;
      names.add(artifactName);
    }
    const wrong = checkSignature && reasonOf(() => checkSignature(artifact));
    if (wrong !== undefined) yield `artifact ${id}: ${wrong}`;
  }
}

/** What a check throws, as a sentence without its full stop; nothing when it passes. */
function reasonOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error.message.replace(/\.$/, '');
    if (error instanceof BuildStateError || error instanceof SyntaxError) return error.message;
    throw error;
  }
}

function* variables({ variables: rows, variableHistory }: WholeBuild, tools: CheckTools): Generator<string> {
  for (const variable of [...rows, ...variableHistory]) {
    const wrong = variable.isSensitive ? reasonOf(() => unseal(variable, tools.keyRing)) : undefined;
    if (wrong !== undefined) yield `variable ${variable.variableKey}: ${wrong}`;
  }
}

function unseal({ buildId, variableKey, variableValue }: Variable, keyRing: KeyRing | undefined): void {
  const box = JSON.parse(variableValue) as SealedBox;
  if (keyRing?.available === true) keyRing.open(box, variableContext(buildId, variableKey));
}

function* lease({ head, attempts }: WholeBuild): Generator<string> {
  const token = head.lease?.token ?? 0;
  const highest = Math.max(0, ...attempts.map(({ leaseToken }) => leaseToken ?? 0));
  if (highest > token) yield `an attempt was made under lease ${highest}, and the newest lease is ${token}`;
}

function* requests(whole: WholeBuild): Generator<string> {
  if (isTrimmed(whole)) return;
  const { head, resumeRequests } = whole;
  const target = head.resumeTarget;
  if (target !== null && !resumeRequests.some(({ id }) => id === target.requestId))
    yield `resume request ${target.requestId}, which leads to state ${target.state}, is missing`;
}

function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The operations whose answer is the attempt that the report made. */
const makeAttempts: ReadonlySet<JsonValue | undefined> = new Set(['recordState', 'recordFailure']);

function* reports(whole: WholeBuild): Generator<string> {
  if (isTrimmed(whole)) return;
  const { reports: rows, attempts } = whole;
  const ids = new Set<JsonValue | undefined>(attempts.map(({ id }) => id));
  for (const { eventId, answer } of rows) {
    const known = isObject(answer) && typeof answer.operation === 'string' && 'answer' in answer;
    if (!known) {
      yield `the answer to report ${eventId} is not one that was ever given`;
      continue;
    }
    const { operation, answer: body } = answer;
    if (!makeAttempts.has(operation) || !isObject(body)) continue;
    if (!ids.has(body.id)) yield `attempt ${String(body.id)}, which report ${eventId} made, is missing`;
  }
}

const checks: readonly BuildCheck[] = [
  chain,
  ownership,
  counts,
  openAttempt,
  states,
  position,
  artifacts,
  variables,
  lease,
  requests,
  reports,
];

/** What is wrong with a build by itself, as sentences without their full stop. */
export function* checkWholeBuild(whole: WholeBuild, tools: CheckTools = {}): Generator<string> {
  for (const check of checks) yield* check(whole, tools);
}
