import type { WorkerEvent } from '@buildstate/client/run';
import { toWire } from '@buildstate/core/light';
import type { Style } from '../output/style.ts';
import { reasonWords } from './claim.ts';

/** An event of a worker as one line of JSON, with the names of the wire. */
export function workerLine(event: WorkerEvent, at: string): string {
  return JSON.stringify(toWire({ ...event, at }));
}

type Ended = Extract<WorkerEvent, { readonly type: 'ended' }>;

function endedText({ outcome, completed, failedState, retryAt, message }: Ended, style: Style): string {
  const done = completed.length > 0 ? ` Completed ${completed.join(', ')}.` : '';
  const why = message === null ? '' : ` ${message}`;
  switch (outcome) {
    case 'completed':
      return `${style.good('done.')}${done || ' There was nothing to run.'}`;
    case 'failed': {
      const where = failedState === null ? '' : ` at state ${failedState}`;
      const next =
        retryAt === null ? ' It is not tried again by itself.' : ` It is tried again from ${retryAt}.`;
      return `${style.bad('failed')}${where}.${why}${done}${failedState === null ? '' : next}`;
    }
    case 'interrupted':
      return `${style.warn('handed back')}, for others to continue.${done}`;
    case 'lost':
      return `${style.bad('lost')}: the work was stopped.${why}`;
    case 'error':
      return `${style.bad('could not be worked on.')}${why}`;
  }
}

/** An event of a worker in words. */
export function workerText(event: WorkerEvent, style: Style): string {
  const name = 'build' in event ? `Build ${event.build.project}:${event.build.buildNumber}` : '';
  switch (event.type) {
    case 'waiting':
      return `Waiting for builds of ${event.project}, states ${event.states.join(', ')}.`;
    case 'claimed':
      return `${name} is mine: state ${event.nextState} (${event.nextStateName}) is next, ${reasonWords[event.reason]}.`;
    case 'ended':
      return `${name} ${endedText(event, style)}`;
    case 'away':
      return `${style.warn('The tracker is away.')} ${event.message} Asking again in ${Math.ceil(event.seconds)} s.`;
    case 'stopping':
      return event.finishing === null
        ? 'Stopping.'
        : `Stopping when build ${event.finishing.project}:${event.finishing.buildNumber} is done. Once more to interrupt it.`;
    case 'stopped':
      return `Stopped after ${event.builds} ${event.builds === 1 ? 'build' : 'builds'}.`;
  }
}
