import * as Flags from '@oclif/core/flags';
import { trackerFlags } from './flags.ts';

/** Which key ring a command is about. */
export const keyRingFlags = {
  file: Flags.string({
    summary: 'The key ring file. Default: BLDST_KEYRING_FILE, else that of the local store.',
    helpValue: 'FILE',
    exclusive: ['data-dir'],
  }),
  'data-dir': Flags.string({
    summary: 'The data folder of a server, whose key ring is meant.',
    helpValue: 'DIR',
    exclusive: ['file'],
  }),
  tracker: trackerFlags.tracker,
};
