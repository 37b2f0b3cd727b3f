import type { CommandClass, CommandLoaders } from '../base/command-class.ts';
import { topicSummaries } from '../help/topics.ts';

/** A flag as shells complete it. */
export interface CompletedFlag {
  /** With its dashes: `--output`. */
  readonly name: string;
  /** Its short form with its dash, where it has one: `-o`. */
  readonly short?: string;
  /** One line. */
  readonly summary: string;
  /** Whether a value follows. */
  readonly takesValue: boolean;
  /** The values that it may have, where there is a list of them. */
  readonly values: readonly string[];
}

/** A command as shells complete it. */
export interface CompletedCommand {
  /** Its words. */
  readonly id: string;
  /** One line. */
  readonly summary: string;
  /** Its flags, by name. */
  readonly flags: readonly CompletedFlag[];
}

/** All that shells complete. */
export interface CompletedWords {
  /** Topics and their summaries. */
  readonly topics: Readonly<Record<string, string>>;
  /** Every command. */
  readonly commands: readonly CompletedCommand[];
}

function flagsOf(Class: CommandClass): CompletedFlag[] {
  return Object.entries({ ...Class.flags, ...Class.baseFlags })
    .flatMap(([name, flag]) => {
      const takesValue = flag.type === 'option';
      const values = takesValue ? (flag.options ?? []) : [];
      const summary = flag.summary ?? '';
      const short = flag.char === undefined ? {} : { short: `-${flag.char}` };
      const positive = { name: `--${name}`, ...short, summary, takesValue, values };
      const negative = flag.type === 'boolean' && flag.allowNo === true;
      return negative ? [positive, { name: `--no-${name}`, summary, takesValue, values }] : [positive];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Everything that can be written, from the commands themselves. */
export async function completedWords(loaders: CommandLoaders): Promise<CompletedWords> {
  const commands = await Promise.all(
    Object.entries(loaders).map(async ([id, load]) => {
      const { default: Class } = await load();
      return { id, summary: Class.summary ?? '', flags: flagsOf(Class) };
    }),
  );
  return { topics: topicSummaries, commands };
}
