import * as Flags from '@oclif/core/flags';
import { resumeStrategies } from '../values/choices.ts';

/** How a state is resumed. */
export const resumableFlags = {
  resumable: Flags.boolean({ summary: 'Whether it can be resumed.', allowNo: true }),
  strategy: Flags.string({ summary: 'How.', options: [...resumeStrategies] }),
  'required-artifact': Flags.string({
    summary: 'Name or type of an artifact that it needs.',
    helpValue: 'NAME',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'required-variable': Flags.string({
    summary: 'Key of a variable that it needs.',
    helpValue: 'KEY',
    multiple: true,
    multipleNonGreedy: true,
  }),
  command: Flags.string({ summary: 'The command that goes on with it.', helpValue: 'TEXT' }),
  timeout: Flags.string({ summary: 'How long that may take. Default: 1h.', helpValue: 'TIME' }),
  description: Flags.string({ char: 'd', summary: 'What it is about.', helpValue: 'TEXT' }),
  notes: Flags.string({ summary: 'Notes for whoever resumes it.', helpValue: 'TEXT' }),
};
