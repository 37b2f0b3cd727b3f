import * as Flags from '@oclif/core/flags';
import { loadSettings } from '../connect/config-file.ts';
import { UsageError } from '../errors/usage-error.ts';
import { optionalArgument } from './args.ts';
import { TrackerCommand } from './tracker-command.ts';

/** The flag of commands about a part of a project. */
export const projectFlag = Flags.string({
  char: 'p',
  summary: 'The same as PROJECT. Default: bldst config get project.',
  helpValue: 'NAME',
});

/** The word of commands about all parts of a project. */
export const projectArguments = { project: optionalArgument('Name or id of the project.') };

/** The words of commands about one state of a project. */
export const projectStateArguments = {
  ...projectArguments,
  state: optionalArgument('The state, by its code or name.'),
};

/** A command about a part of a project. */
export abstract class ProjectCommand extends TrackerCommand {
  /** The project that a word, the flag or the settings name. @throws UsageError when none does */
  protected project(word: string | undefined, flag: string | undefined): string {
    if (word !== undefined && flag !== undefined) {
      throw new UsageError('Give the project either as an argument or with --project.');
    }
    const project = word ?? flag ?? loadSettings(this.session.env).project;
    if (project !== undefined) return project;
    throw new UsageError(
      'Which project? Give it as an argument, or once for all with "bldst config set project NAME".',
      { hint: 'bldst project list' },
    );
  }

  /** The project and the state of a command; a single word is the state. @throws UsageError when one is missing */
  protected projectAndState(
    args: { readonly project?: string | undefined; readonly state?: string | undefined },
    flag: string | undefined,
  ): { readonly project: string; readonly state: string } {
    const [first, second] = [args.project, args.state];
    if (first === undefined) throw new UsageError('Which state? Give its code or name.');
    if (second === undefined) return { project: this.project(undefined, flag), state: first };
    return { project: this.project(first, flag), state: second };
  }
}
