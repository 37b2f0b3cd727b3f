import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TimeoutError } from '@buildstate/core/light';
import { type CommandEnd, exitCodeOf, signalExitCode } from '../command/exit-code.ts';
import { exchangeFolder } from '../command/left-over.ts';
import type { RunningCommand } from '../command/run-command.ts';
import { supervise } from '../command/supervise.ts';
import type { StepDefinition } from '../definition.ts';
import { fingerprintField } from '../inputs/fingerprint.ts';
import { needsField, ownTargetsRecord } from '../needs/own-targets.ts';
import { OutputTail } from '../output/output-tail.ts';
import { checkProducts, storeProducts } from '../products/store-products.ts';
import { madeFromField } from '../reuse/reuse-key.ts';
import type { AttemptPlan } from './attempt-plan.ts';
import { giveUpLease } from './build-handle.ts';
import { commandFailure, type FailureFields, ownFailure, timeoutFailure } from './failure.ts';
import { launchCommand } from './launch-command.ts';
import { report } from './reporting.ts';
import type { RetryDecisionRecord, StepResult } from './step-result.ts';
import { readOutputFile, recordVariables } from './variables.ts';

/** How the middle part of an attempt ended: the needs fetched, the command run, the products stored. */
type WorkOutcome =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'failed';
      readonly fields: FailureFields;
      readonly exitCode?: number;
      readonly error?: Error;
    }
  | {
      readonly kind: 'interrupted';
      readonly signal: NodeJS.Signals;
      readonly ended: Promise<CommandEnd | undefined>;
    };

/** Stores what the command has made and records that the state is completed. */
async function complete(plan: AttemptPlan, outputFile: string): Promise<void> {
  const { around, build, step, inputs, madeFrom } = plan;
  await checkProducts(around, step.produces);
  await recordVariables(plan, await readOutputFile(outputFile));
  const metadata = {
    [fingerprintField]: { ...inputs },
    ...(madeFrom !== undefined && { [madeFromField]: madeFrom }),
  };
  const [first, ...others] = step.produces;
  if (first === undefined) {
    await report(around, build, { state: step.state, status: 'completed', metadata });
  } else {
    await storeProducts(plan, [first, ...others], { metadata });
  }
}

async function follow(plan: AttemptPlan, command: RunningCommand, tail: OutputTail): Promise<WorkOutcome> {
  const { around, build, step } = plan;
  const outcome = await supervise(command, {
    interrupts: around.interrupts,
    lost: build.lease?.signal,
    timeoutSeconds: step.timeoutSeconds,
    clock: around.clock,
  });
  switch (outcome.kind) {
    case 'interrupted':
      return outcome;
    case 'fenced_out':
      throw build.lease?.signal.reason;
    case 'timed_out': {
      const error = new TimeoutError(`State ${step.state} took longer than ${step.timeoutSeconds} s.`);
      return { kind: 'failed', error, fields: timeoutFailure(step.timeoutSeconds ?? 0, tail.text()) };
    }
    case 'ended': {
      const exitCode = exitCodeOf(outcome.end);
      if (exitCode === 0) return { kind: 'done' };
      return { kind: 'failed', exitCode, fields: commandFailure(outcome.end, tail.text()) };
    }
  }
}

/** Fetches, runs, stores. Losing the lease throws; everything else that goes wrong is a failure of the state. */
async function work(plan: AttemptPlan, attempt: number | null): Promise<WorkOutcome> {
  const { around, build } = plan;
  const folder = exchangeFolder(around.notesFolder, build.id);
  const outputFile = join(folder, 'output');
  const tail = new OutputTail();
  try {
    const command = await launchCommand(plan, { attempt, tail, outputFile });
    const outcome = await follow(plan, command, tail);
    if (outcome.kind === 'done') await complete(plan, outputFile);
    return outcome;
  } catch (error) {
    const signal = around.interrupts.first;
    if (signal !== undefined) return { kind: 'interrupted', signal, ended: Promise.resolve(undefined) };
    if (build.lease?.signal.aborted) throw build.lease.signal.reason;
    if (isFencedOut(error) || !(error instanceof Error)) throw error;
    return { kind: 'failed', error, fields: ownFailure(error, around.masker) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether an error says that the build belongs to somebody else now: nothing is recorded after it. */
function isFencedOut(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'lease_lost';
}

/** The retry decision in words: what will happen, or what a person may do. */
function retrySentence(decision: RetryDecisionRecord | undefined, { retry }: StepDefinition): string {
  if (decision === undefined) return 'Whether it is tried again is decided when the tracker is back.';
  if (retry || !decision.retry) return decision.reason;
  const { strategy, attempt, maxAttempts, delaySeconds, category } = decision;
  return (
    `The policy "${strategy}" allows try ${attempt + 1} of ${maxAttempts} after ${delaySeconds} s (${category} failure); ` +
    'the same command line makes it.'
  );
}

/**
 * One try at a state: starts it, fetches what it needs, runs its command, stores what it makes, and records how
 * it went.
 *
 * @throws LeaseLostError when the build was taken over meanwhile; what refuses the start, such as
 *   IllegalTransitionError; with `strict` also UnreachableError
 */
export async function performAttempt(plan: AttemptPlan): Promise<StepResult> {
  const { around, build, step, inputs, opening } = plan;
  const { state } = step;
  const started = await report(around, build, {
    state,
    status: 'in_progress',
    metadata: {
      [fingerprintField]: { ...inputs },
      [needsField]: ownTargetsRecord(around.folder, plan.needs),
    },
  });
  if (opening !== undefined) around.notes.info(opening);
  const outcome = await work(plan, started?.attempt ?? null);
  if (outcome.kind === 'done') return { outcome: 'completed', exitCode: 0 };
  if (outcome.kind === 'interrupted') {
    await giveUpLease(around, build);
    around.notes.warn(
      `State ${state} was interrupted by ${outcome.signal}; the same command line continues it.`,
    );
    const end = await outcome.ended;
    const own = end === undefined ? 0 : exitCodeOf(end);
    return {
      outcome: 'interrupted',
      signal: outcome.signal,
      exitCode: own === 0 ? signalExitCode(outcome.signal) : own,
    };
  }
  const { fields, exitCode, error } = outcome;
  const answer = await report(around, build, { state, status: 'failed', ...fields });
  const retryDecision = answer?.retryDecision ?? undefined;
  around.notes.warn(`State ${state} (${step.name}) failed. ${retrySentence(retryDecision, step)}`);
  return { outcome: 'failed', exitCode, error, retryDecision };
}
