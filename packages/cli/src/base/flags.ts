import * as Flags from '@oclif/core/flags';
import { outputFormats } from '../output/formats.ts';

const helpGroup = 'GLOBAL';

/** Flags of every command that shows something. */
export const outputFlags = {
  output: Flags.string({
    char: 'o',
    summary: 'How to show the result.',
    options: [...outputFormats],
    helpGroup,
  }),
  json: Flags.boolean({ summary: 'The same as --output json.', helpGroup }),
};

/** Flags of every command that speaks to a tracker. */
export const trackerFlags = {
  tracker: Flags.string({
    aliases: ['url'],
    summary: 'URL of the server or store to use.',
    helpValue: 'URL',
    helpGroup,
  }),
  trust: Flags.boolean({
    summary: 'Send BLDST_API_KEY to the tracker that the project file names.',
    helpGroup,
  }),
};
