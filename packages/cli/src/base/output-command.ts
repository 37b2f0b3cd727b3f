import type { Listing } from '@buildstate/client';
import type { Interfaces } from '@oclif/core';
import { Command } from '@oclif/core/command';
import { loadSettings } from '../connect/config-file.ts';
import { exitCodeOf } from '../errors/known-error.ts';
import { chooseFormat, type OutputFormat } from '../output/formats.ts';
import { beginningOf } from '../output/listing.ts';
import { showView } from '../output/show.ts';
import { isColourful, type Style, styleOf, widthOf } from '../output/style.ts';
import type { View } from '../output/view.ts';
import { writeText } from '../output/write-text.ts';
import type { Session } from '../session/session.ts';
import { outputFlags } from './flags.ts';
import type { LightConfig } from './light-config.ts';

/** The values of the flags that commands share. */
interface SharedFlags {
  readonly output?: string;
  readonly json?: boolean;
  readonly tracker?: string;
  readonly trust?: boolean;
}

/**
 * A command that shows something. Results go to standard output in the format asked for, everything else to
 * standard error. Commands throw; what is thrown is shown and turned into an exit code in one place.
 */
export abstract class OutputCommand extends Command {
  static override baseFlags: Interfaces.FlagInput = outputFlags;

  /** The code that the process ends with when nothing is thrown. */
  exitCode = 0;
  /** The build that the command is about, once that is known. */
  subject: string | undefined;
  /** The values of the shared flags, once the command line has been parsed. */
  protected shared: SharedFlags = {};
  #format: OutputFormat | undefined;

  /** What surrounds this run. */
  get session(): Session {
    return (this.config as unknown as LightConfig).session;
  }

  /** The format of the result; `undefined` until the command line has been understood. */
  get format(): OutputFormat | undefined {
    return this.#format;
  }

  /** Runs the command from its words to its result. @throws whatever goes wrong */
  async execute(): Promise<void> {
    await this._run();
  }

  /** The exit code for an error; commands that pass another command's code through have their own. */
  exitCodeFor(error: unknown): number {
    return exitCodeOf(error);
  }

  protected override async init(): Promise<void> {
    // oclif's own looks for deprecated commands and sets a global; both cost start-up time.
  }

  protected override async parse<
    F extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    B extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    A extends Interfaces.OutputArgs<Interfaces.ArgInput>,
  >(options?: Interfaces.Input<F, B, A>, argv?: string[]): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv);
    this.shared = parsed.flags as SharedFlags;
    this.#format = chooseFormat(this.shared, loadSettings(this.session.env).output);
    return parsed;
  }

  /** How texts on standard output look. */
  protected get style(): Style {
    const { stdout, env, now } = this.session;
    return styleOf(isColourful(stdout, env), now(), widthOf(stdout));
  }

  /** Shows a result. @throws UsageError when it has no such form */
  protected async show(view: View): Promise<void> {
    await writeText(this.session.stdout, await showView(view, this.format ?? 'table', this.style));
  }

  /** Says something to the person in front of it, on standard error. */
  protected async note(text: string): Promise<void> {
    await writeText(this.session.stderr, `${text}\n`, 'standard error');
  }

  /** Says that a list goes on beyond what was shown. */
  protected async noteMore(shown: number): Promise<void> {
    await this.note(`These are the first ${shown}. There are more: --all shows them, --limit so many.`);
  }

  /** Shows a list, or as much of it as was asked for, and says when there is more. Answers how much it showed. */
  protected async showList<Item>(
    list: Listing<Item> | readonly Item[],
    limit: number | undefined,
    viewOf: (items: readonly Item[]) => View,
  ): Promise<number> {
    const { items, more } = await beginningOf(list, limit);
    await this.show(viewOf(items));
    if (more)
      await this.note(`These are the first ${items.length}. There are more: raise --limit, or leave it out.`);
    return items.length;
  }

  /** Says what deserves attention, on standard error. */
  protected async caution(text: string): Promise<void> {
    const { stderr, env, now } = this.session;
    await this.note(`${styleOf(isColourful(stderr, env), now()).warn('Warning:')} ${text}`);
  }
}
