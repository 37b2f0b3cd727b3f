import * as Flags from '@oclif/core/flags';
import { failureCategories } from '../values/choices.ts';

/** Which state a report is about. */
export const stateFlag = Flags.string({
  aliases: ['state-code', 'state-name'],
  summary: 'The state, by its code or name.',
  helpValue: 'N|NAME',
});

/** Who reports, and by which right. */
export const reporterFlags = {
  'reported-by': Flags.string({
    summary: 'Who reports. Default: the CI job when there is one, else user@host.',
    helpValue: 'NAME',
  }),
  'job-id': Flags.string({ summary: "The CI system's id of the job behind it.", helpValue: 'ID' }),
  'lease-token': Flags.integer({
    summary:
      'Token of the lease under which it is reported. Default: BLDST_LEASE_TOKEN, for the build BLDST_BUILD_ID.',
    helpValue: 'N',
    min: 1,
  }),
  takeover: Flags.boolean({ summary: "Take over another reporter's open attempt." }),
  'event-id': Flags.string({
    summary: 'UUID by which the same report counts once, for ever.',
    helpValue: 'UUID',
  }),
};

/** What went wrong. */
export const failureFlags = {
  error: Flags.string({ aliases: ['error-message'], summary: 'What went wrong.', helpValue: 'TEXT' }),
  code: Flags.string({
    aliases: ['error-code'],
    summary: 'A code of the error, such as the exit code.',
    helpValue: 'CODE',
  }),
  component: Flags.string({ summary: 'The part that failed, such as packer.', helpValue: 'NAME' }),
  category: Flags.string({ summary: 'Whether a retry can help.', options: [...failureCategories] }),
  retryable: Flags.boolean({ summary: 'A retry can help.', exclusive: ['not-retryable'] }),
  'not-retryable': Flags.boolean({ summary: 'No retry can help.', exclusive: ['retryable'] }),
  'error-details': Flags.string({
    aliases: ['details'],
    summary: 'More about it, as JSON.',
    helpValue: 'JSON',
  }),
};

/** When, and whatever else is to be remembered. */
export const occurrenceFlags = {
  message: Flags.string({ char: 'm', summary: 'A sentence for the history.', helpValue: 'TEXT' }),
  'start-time': Flags.string({ summary: 'When it began: ISO 8601.', helpValue: 'TIME' }),
  'end-time': Flags.string({ summary: 'When it ended: ISO 8601.', helpValue: 'TIME' }),
  metadata: Flags.string({ summary: 'Your own facts, as a JSON object.', helpValue: 'JSON' }),
};
