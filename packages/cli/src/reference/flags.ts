import * as Flags from '@oclif/core/flags';
import { requiredArgument } from '../base/args.ts';
import { present } from '../values/present.ts';
import type { FlagValues, ReferenceTopic } from './topic.ts';

/** What can be said of an entry of any kind. */
export const entryFlags = {
  'display-name': Flags.string({ summary: 'What people read.', helpValue: 'TEXT' }),
  description: Flags.string({ char: 'd', summary: 'What it is.', helpValue: 'TEXT' }),
};

/** What was said of it, as the API takes it. */
export function entryFields(flags: FlagValues) {
  return present({
    displayName: flags['display-name'] as string | undefined,
    description: flags.description as string | undefined,
  });
}

/** The entry that a command is about. */
export function entryArguments({ one }: ReferenceTopic) {
  return { entry: requiredArgument(`Name or id of ${one}.`) };
}
