import * as Flags from '@oclif/core/flags';

/** What can be said of an artifact when it is made and changed later. */
export const artifactFlags = {
  final: Flags.boolean({ summary: 'It is a deliverable.', allowNo: true }),
  resumable: Flags.boolean({
    summary: 'Whether a resumed build may start from it.',
    allowNo: true,
  }),
  expires: Flags.string({
    summary: 'When it stops being good: a time, or a length of time such as 7d.',
    helpValue: 'TIME',
  }),
  metadata: Flags.string({ summary: 'Your own facts, as a JSON object.', helpValue: 'JSON' }),
};

/** Which lease an artifact is registered under. */
export const leaseTokenFlag = Flags.integer({
  summary:
    'Token of the lease under which it is registered. Default: BLDST_LEASE_TOKEN, for the build BLDST_BUILD_ID.',
  helpValue: 'N',
  min: 1,
});
