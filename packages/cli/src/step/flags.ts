import * as Flags from '@oclif/core/flags';
import { progressForms } from '../output/progress-meter.ts';

/** Flags of the commands that run other commands under a build's lease. */
export const stepFlags = {
  wait: Flags.string({
    summary: 'How long to wait while somebody else runs the build. Default: not at all.',
    helpValue: 'TIME',
  }),
  ttl: Flags.string({
    summary: 'How long the lease lives when this process is gone. Default: 60s.',
    helpValue: 'TIME',
  }),
  strict: Flags.boolean({
    summary: 'Refuse to work while the tracker is away, instead of keeping reports on disk.',
  }),
  progress: Flags.string({
    summary: 'How transfers are shown.',
    options: [...progressForms],
    default: 'auto',
  }),
};
