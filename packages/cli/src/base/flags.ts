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

/** How much is shown of a list that is shown whole otherwise. */
export const mostFlag = {
  limit: Flags.integer({
    summary: 'How many at most. Default: all.',
    min: 1,
    max: 100_000,
    helpValue: 'N',
  }),
};

/** How much of a long list is shown. */
export const limitFlags = {
  limit: Flags.integer({
    summary: 'How many at most.',
    default: 100,
    min: 1,
    max: 100_000,
    helpValue: 'N',
  }),
  all: Flags.boolean({ summary: 'All of them.', exclusive: ['limit'] }),
};
