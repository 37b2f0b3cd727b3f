import type { AttemptRecord, FailureRecord, ReportAnswer } from '@buildstate/client';
import { columnMoment, moment, shortDuration } from '../output/amounts.ts';
import type { Style } from '../output/style.ts';
import { details, table } from '../output/table.ts';
import type { View } from '../output/view.ts';
import { paintStatus } from './build.ts';

function durationText(seconds: number | null): string | undefined {
  return seconds === null ? undefined : shortDuration(seconds);
}

/** What becomes of a failure, as a sentence. */
export function retryText(decision: ReportAnswer['retryDecision'], now: number): string | undefined {
  if (decision === null) return undefined;
  const { retry, attempt, maxAttempts, retryAt, reason } = decision;
  const when = retry ? `again ${moment(retryAt, now) ?? 'at once'}` : 'no automatic retry';
  return `${when}; attempt ${attempt} of ${maxAttempts}: ${reason}`;
}

function reportText(answer: ReportAnswer, style: Style): string {
  const { state, stateName, status, attempt, currentState, buildStatus } = answer;
  const attemptText = attempt === null ? '' : `, attempt ${attempt}`;
  return [
    `State ${state} - ${stateName}: ${paintStatus(style, status)}${attemptText}`,
    details(style, [
      ['Build', `${buildStatus}, at state ${currentState}`],
      ['Duration', durationText(answer.durationSeconds)],
      ['Artifact', answer.artifactStoragePath],
      ['Artifact id', answer.artifactId],
      ['Error', answer.errorMessage],
      ['Category', answer.errorCategory],
      ['Retry', retryText(answer.retryDecision, style.now)],
    ]),
  ].join('\n');
}

/** The answer to a report. */
export function reportView(answer: ReportAnswer): View {
  const { buildId, currentState, buildStatus, failedState } = answer;
  return {
    body: answer,
    ids: () => [answer.id],
    text: (style) => reportText(answer, style),
    variables: () => ({
      BLDST_BUILD_ID: buildId,
      BLDST_STATE: currentState,
      BLDST_STATUS: buildStatus,
      RESUME_STATE: failedState ?? undefined,
    }),
  };
}

/** All attempts of a build. */
export function attemptListView(attempts: readonly AttemptRecord[]): View {
  return {
    body: attempts,
    ids: () => attempts.map(({ id }) => id),
    text: (style) =>
      attempts.length === 0
        ? 'Nothing has been reported yet.'
        : table(style, attempts, [
            { title: 'State', value: ({ state }) => String(state), align: 'right' },
            { title: 'Name', value: ({ stateName }) => stateName, cuttable: true },
            { title: 'Attempt', value: ({ attempt }) => attempt?.toString(), align: 'right' },
            {
              title: 'Status',
              value: ({ status }) => status,
              paint: (text, { status }) => paintStatus(style, status, text),
            },
            { title: 'Started', value: ({ startTime }) => columnMoment(startTime, style) },
            {
              title: 'Duration',
              value: ({ durationSeconds }) => durationText(durationSeconds),
              align: 'right',
            },
            { title: 'By', value: ({ reportedBy }) => reportedBy, cuttable: true },
            {
              title: 'Message',
              value: ({ message, errorMessage }) => errorMessage ?? message,
              cuttable: true,
            },
          ]),
  };
}

/** The failed attempts of a build. */
export function failureListView(failures: readonly FailureRecord[]): View {
  return {
    body: failures,
    ids: () => failures.map(({ id }) => id),
    text: (style) =>
      failures.length === 0
        ? 'No failures.'
        : table(style, failures, [
            { title: 'State', value: ({ state }) => String(state), align: 'right' },
            { title: 'Category', value: ({ failureType }) => failureType },
            { title: 'Component', value: ({ component }) => component },
            { title: 'Code', value: ({ errorCode }) => errorCode },
            { title: 'Resolved', value: ({ resolved }) => (resolved ? 'yes' : 'no') },
            { title: 'When', value: ({ createdAt }) => columnMoment(createdAt, style) },
            { title: 'Error', value: ({ errorMessage }) => errorMessage, cuttable: true },
          ]),
  };
}
