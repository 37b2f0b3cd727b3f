import * as Flags from '@oclif/core/flags';
import { requiredArgument } from './args.ts';

/** The project that a command is about. */
export const projectArgument = requiredArgument('Name or id of the project.');

/** What can be said of a project when it is made and changed later. */
export const projectFlags = {
  description: Flags.string({ char: 'd', summary: 'What it is for.', helpValue: 'TEXT' }),
  'artifact-base': Flags.string({
    summary: 'URI under which workers store its artifacts.',
    helpValue: 'URI',
  }),
  parent: Flags.string({ summary: 'The project that it is part of.', helpValue: 'NAME' }),
  settings: Flags.string({ summary: 'Its settings, as a JSON object.', helpValue: 'JSON' }),
};
