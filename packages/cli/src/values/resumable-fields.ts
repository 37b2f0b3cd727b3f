import type { ResumableStateRecord } from '@buildstate/client';
import { durationSeconds } from './duration.ts';
import { present } from './present.ts';

/** The values of the flags about how a state is resumed. */
interface ResumableValues {
  readonly resumable?: boolean | undefined;
  readonly strategy?: string | undefined;
  readonly 'required-artifact'?: string[] | undefined;
  readonly 'required-variable'?: string[] | undefined;
  readonly command?: string | undefined;
  readonly timeout?: string | undefined;
  readonly description?: string | undefined;
  readonly notes?: string | undefined;
}

/** How a state is resumed, as the API takes it. */
export function resumableFields(flags: ResumableValues) {
  const { timeout } = flags;
  return present({
    isResumable: flags.resumable,
    resumeStrategy: flags.strategy as ResumableStateRecord['resumeStrategy'] | undefined,
    requiredArtifacts: flags['required-artifact'],
    requiredVariables: flags['required-variable'],
    resumeCommand: flags.command,
    resumeTimeoutSeconds: timeout === undefined ? undefined : Math.ceil(durationSeconds('timeout', timeout)),
    description: flags.description,
    notes: flags.notes,
  });
}
