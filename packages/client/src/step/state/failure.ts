import { BuildStateError } from '@buildstate/core/light';
import type { StateReport } from '../../api/builds.ts';
import { type CommandEnd, describeEnd, exitCodeOf } from '../command/exit-code.ts';
import type { SecretMasker } from '../output/secret-masker.ts';

/** What is recorded of a failed attempt. */
export type FailureFields = Pick<
  StateReport,
  'errorMessage' | 'errorCode' | 'errorDetails' | 'category' | 'message'
>;

/** Messages are limited to 8 KiB; what is too much is cut off at the front, where it matters least. */
const longestMessage = 6000;

function fitting(text: string): string {
  return text.length <= longestMessage ? text : `…${text.slice(-longestMessage)}`.toWellFormed();
}

function withTail(sentence: string, tail: string): string {
  return fitting(tail === '' ? sentence : `${tail}\n\n${sentence}`);
}

/** What is recorded of a command that ended badly: its last lines, then how it ended. */
export function commandFailure(end: CommandEnd, tail: string): FailureFields {
  const sentence = `The command ${describeEnd(end)}.`;
  return {
    message: sentence,
    errorMessage: withTail(sentence, tail),
    errorCode: end.signal ?? `exit_${end.code ?? 1}`,
    errorDetails: { exit_code: exitCodeOf(end), signal: end.signal },
  };
}

/** What is recorded of a command that took longer than it may. */
export function timeoutFailure(seconds: number, tail: string): FailureFields {
  const sentence = `The command took longer than ${seconds} s and was ended.`;
  return {
    message: sentence,
    errorMessage: withTail(sentence, tail),
    errorCode: 'timeout',
    errorDetails: { timeout_seconds: seconds },
  };
}

/** Whether an error of storage may pass by itself; `undefined` for other errors. */
function categoryOf(error: BuildStateError): FailureFields['category'] {
  if (error.code !== 'storage_failed') return undefined;
  return error.kind === 'unavailable' ? 'transient' : 'persistent';
}

/** What is recorded of a step whose command did not run, or whose products could not be stored. */
export function ownFailure(error: unknown, masker: SecretMasker): FailureFields {
  const text = error instanceof Error ? error.message : String(error);
  return {
    message: masker.text(fitting(text)),
    errorMessage: masker.text(fitting(text)),
    ...(error instanceof BuildStateError && { errorCode: error.code, category: categoryOf(error) }),
  };
}
