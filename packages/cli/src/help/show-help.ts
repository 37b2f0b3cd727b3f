import { CommandHelp, Help, type Interfaces } from '@oclif/core';
import type { CommandClass } from '../base/command-class.ts';
import { userAgent } from '../base/light-config.ts';
import { exitCodes } from '../errors/exit-codes.ts';
import { reportError } from '../errors/report-error.ts';
import { UsageError } from '../errors/usage-error.ts';
import { writeText } from '../output/write-text.ts';
import { type CommandId, commandTable } from '../run/command-table.ts';
import type { Session } from '../session/session.ts';
import { topicSummaries } from './topics.ts';

type Described = Interfaces.Config['commands'][number];

/** A command's class as oclif's help wants to be told about it. */
function described(id: string, Class: CommandClass): Described {
  const named = (items: object) =>
    Object.fromEntries(Object.entries(items).map(([name, item]) => [name, { ...item, name }]));
  return {
    id: id.replace(' ', ':'),
    summary: Class.summary,
    description: Class.description,
    examples: Class.examples,
    usage: Class.usage,
    args: named(Class.args),
    flags: named({ ...Class.flags, ...Class.baseFlags }),
    aliases: (Class.aliases ?? []).map((alias) => alias.replace(' ', ':')),
    hiddenAliases: [],
    hidden: Class.hidden === true,
    strict: Class.strict,
    load: async () => Class,
  } as unknown as Described;
}

async function describedCommands(wanted: (id: string) => boolean): Promise<Described[]> {
  const ids = (Object.keys(commandTable) as CommandId[]).filter(wanted);
  return Promise.all(
    ids.map(async (id) => described(id, (await commandTable[id]()).default as CommandClass)),
  );
}

/** The help of a command whose examples can be pasted: oclif's own breaks long ones, even inside quotes. */
class PasteableCommandHelp extends CommandHelp {
  protected override examples(examples: CommandClass['examples'] | string): string | undefined {
    if (!Array.isArray(examples) || examples.length === 0) return undefined;
    const inner = this.indentSpacing * 2;
    return examples
      .map((example) => {
        const { description, command } =
          typeof example === 'string' ? { description: '', command: example } : example;
        const line = this.indent(`$ ${this.render(command)}`);
        return description === '' ? line : `${this.wrap(description, inner)}\n\n${line}`;
      })
      .join('\n\n');
  }
}

/** oclif's help over a given set of commands, its text collected instead of printed. */
class CollectedHelp extends Help {
  readonly lines: string[] = [];
  protected override CommandHelpClass = PasteableCommandHelp;

  override log(...texts: string[]): void {
    this.lines.push(...texts);
  }

  /** The help of a command, of a topic, or of everything. */
  async collect(command: Described | undefined, topic: string): Promise<string> {
    if (command !== undefined) await this.showCommandHelp(command);
    else if (topic === '') await this.showRootHelp();
    else await this.showTopicHelp({ name: topic, description: topicSummaries[topic] });
    return this.lines.join('\n').trimEnd();
  }
}

function helpConfig(commands: Described[], version: string): Interfaces.Config {
  const topics = Object.entries(topicSummaries).map(([name, description]) => ({ name, description }));
  return {
    bin: 'bldst',
    name: 'bldst',
    version,
    userAgent: userAgent(version),
    topicSeparator: ' ',
    commands,
    commandIDs: commands.map(({ id }) => id),
    // oclif takes a topic for one only when it sees something in it.
    topics: topics.flatMap((topic) => [topic, { name: `${topic.name}:`, hidden: true }]),
    plugins: new Map(),
    pjson: { oclif: {}, description: 'Track, resume and inspect machine-image builds.' },
    findCommand: (id: string) => commands.find((command) => command.id === id),
    findTopic: (name: string) => topics.find((topic) => topic.name === name),
  } as unknown as Interfaces.Config;
}

/**
 * Shows the help of everything, of a topic, or of a command.
 *
 * @param words the command's or topic's words; none for everything
 * @returns the exit code
 */
export async function showHelp(words: readonly string[], session: Session): Promise<number> {
  const subject = words.join(' ');
  const isCommand = Object.hasOwn(commandTable, subject);
  if (subject !== '' && !isCommand && !Object.hasOwn(topicSummaries, subject)) {
    const error = new UsageError(`There is no command or topic "${subject}".`, { hint: 'bldst help' });
    await reportError(error, session, { argv: [], flags: [] });
    return exitCodes.usage.code;
  }
  const commands = await describedCommands((id) =>
    isCommand ? id === subject : subject === '' ? !id.includes(' ') : id.startsWith(`${subject} `),
  );
  const help = new CollectedHelp(helpConfig(commands, session.version), {
    maxWidth: Math.min(session.stdout.columns ?? 100, 120),
    stripAnsi: session.stdout.isTTY !== true,
  });
  const text = await help.collect(isCommand ? commands[0] : undefined, subject);
  await writeText(session.stdout, `${text}\n`);
  return exitCodes.done.code;
}
