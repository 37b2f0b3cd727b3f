import { BuildStateError, type Door, type OperationAnswer } from '@buildstate/core';
import type { ModelAnswer } from './build.ts';
import type { ModelCommand, ModelReport } from './command.ts';

/** The spellings of the API for what a report is about. */
const statuses = { start: 'started', complete: 'completed', fail: 'failed', skip: 'skipped' } as const;

const given = <T>(value: T | null): T | undefined => value ?? undefined;

function placeIn({ status, currentState, lastSuccessfulState, failedState }: OperationAnswer<'getBuild'>) {
  return { status, current: currentState, last: lastSuccessfulState, failed: failedState };
}

function reported(answer: OperationAnswer<'recordState'>): ModelAnswer {
  const { retryDecision: decision } = answer;
  return {
    state: answer.state,
    number: answer.attempt,
    attemptStatus: answer.status,
    status: answer.buildStatus,
    current: answer.currentState,
    last: answer.lastSuccessfulState,
    failed: answer.failedState,
    ...(decision !== null && {
      decision: {
        retry: decision.retry,
        attempt: decision.attempt,
        maxAttempts: decision.maxAttempts,
        delay: decision.retry ? decision.delaySeconds : null,
      },
    }),
  };
}

function bodyOf(command: ModelReport) {
  const { kind, state, by, token, takeover, artifact, retryable, eventId } = command;
  return {
    state,
    status: statuses[kind],
    reportedBy: by,
    takeover,
    leaseToken: given(token),
    eventId: given(eventId),
    ...(artifact !== null && { artifactStorageType: 's3', artifactStoragePath: artifact }),
    ...(kind === 'fail' && { isRetryable: retryable }),
  };
}

/** The history of a build as the tracker lists it, in the model's words. */
async function historyOf(door: Door, buildId: string): Promise<string[]> {
  const lines: string[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await door.call('listAttempts', { params: { buildId }, query: { limit: '1000', cursor } });
    lines.push(...page.body.map(({ state, attempt, status }) => `${state}#${attempt ?? '-'} ${status}`));
    cursor = page.next;
  }
  return lines;
}

async function call(
  door: Door,
  buildId: string,
  command: ModelCommand,
  signal: AbortSignal | undefined,
): Promise<ModelAnswer> {
  const params = { buildId };
  const options = { signal };
  switch (command.do) {
    case 'report':
      return reported((await door.call('recordState', { params, body: bodyOf(command) }, options)).body);
    case 'retry': {
      const body = { leaseToken: given(command.token), eventId: given(command.eventId) };
      return placeIn((await door.call('retryBuild', { params, body }, options)).body);
    }
    case 'rollback': {
      const { target, token, eventId } = command;
      const body = { targetState: given(target), leaseToken: given(token), eventId: given(eventId) };
      return placeIn((await door.call('rollbackBuild', { params, body }, options)).body);
    }
    case 'cancel':
      return placeIn(
        (await door.call('cancelBuild', { params, body: { eventId: given(command.eventId) } }, options)).body,
      );
    case 'acquire': {
      const { by: holder, ttlSeconds, gone, eventId } = command;
      const body = { holder, ttlSeconds, holderGone: given(gone), eventId: given(eventId) };
      return { token: (await door.call('acquireLease', { params, body }, options)).body.token };
    }
    case 'claim': {
      const { by: holder, ttlSeconds, project } = command;
      const { body } = await door.call('claimBuild', { body: { holder, ttlSeconds, project } }, options);
      return body === undefined ? { nothing: true } : { token: body.lease.token };
    }
    case 'release':
      await door.call('releaseLease', { params, query: { token: String(command.token) } }, options);
      return {};
    case 'look': {
      const { body } = await door.call('getBuild', { params }, options);
      const { openAttempt: open, lease, nextRetryAt } = body;
      return {
        ...placeIn(body),
        open: open === null ? null : `${open.state}#${open.attempt}`,
        lease: lease?.token ?? null,
        retryPlanned: nextRetryAt !== null,
      };
    }
    case 'history':
      return { lines: await historyOf(door, buildId) };
  }
}

/**
 * Does a command through a door, and answers what the model would: what the answer shows, or why it was refused.
 * @throws whatever leaves open what became of the command: UnreachableError, UnavailableError, the signal's reason, …
 */
export async function performCommand(
  door: Door,
  buildId: string,
  command: ModelCommand,
  signal?: AbortSignal,
): Promise<ModelAnswer> {
  try {
    return await call(door, buildId, command, signal);
  } catch (error) {
    if (error instanceof BuildStateError && refusals.has(error.code)) return { refused: error.code };
    throw error;
  }
}

/** The errors that are answers: nothing was changed. */
const refusals: ReadonlySet<string> = new Set([
  'build_closed',
  'illegal_transition',
  'lease_lost',
  'missing_prerequisites',
  'state_in_progress',
]);
