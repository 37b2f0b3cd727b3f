import { anchorOf, markdownTable, paragraphs, type ReferencePage } from '@buildstate/tooling/reference';
import type { CommandClass } from '../src/base/command-class.ts';
import { outputFlags, trackerFlags } from '../src/base/flags.ts';
import { topicSummaries } from '../src/help/topics.ts';
import { commandAliases, commandTable } from '../src/run/command-table.ts';

type Flags = CommandClass['flags'];
type Args = CommandClass['args'];

function flagName(name: string, flag: Flags[string]): string {
  const negated = flag.type === 'boolean' && flag.allowNo === true;
  const value = flag.type === 'boolean' ? '' : ` ${valueForm(flag)}`;
  const names = [...(flag.char === undefined ? [] : [`-${flag.char}`]), `--${negated ? '[no-]' : ''}${name}`];
  return `\`${names.join(', ')}${value}\``;
}

function valueForm(flag: Flags[string]): string {
  if (flag.type !== 'option') return '';
  if (flag.options !== undefined) return flag.options.join('|');
  return flag.helpValue === undefined ? 'VALUE' : [flag.helpValue].flat().join(' ');
}

function flagMeaning(flag: Flags[string]): string {
  const facts = [
    flag.required === true && 'Required.',
    flag.type === 'option' && flag.multiple === true && 'May be given several times.',
    flag.default !== undefined &&
      typeof flag.default !== 'function' &&
      flag.default !== false &&
      `Default: ${[flag.default].flat().join(', ')}.`,
    flag.aliases !== undefined &&
      flag.aliases.length > 0 &&
      `Also ${flag.aliases.map((alias) => `\`--${alias}\``).join(', ')}.`,
  ];
  return [flag.summary, ...facts.filter(Boolean)].join(' ');
}

function flagTable(flags: Flags): string {
  const rows = Object.entries(flags).map(([name, flag]) => [flagName(name, flag), flagMeaning(flag)]);
  return markdownTable(['flag', 'meaning'], rows);
}

function argumentTable(args: Args): string {
  const rows = Object.entries(args).map(([name, arg]) => {
    const choices = arg.options === undefined ? '' : ` One of ${arg.options.join(', ')}.`;
    return [`\`${name.toUpperCase()}\``, `${arg.description ?? ''}${choices}`];
  });
  return markdownTable(['argument', 'meaning'], rows);
}

function usage(id: string, Class: CommandClass): string {
  if (Class.usage !== undefined)
    return [Class.usage]
      .flat()
      .map((line) => `bldst ${line}`)
      .join('\n');
  const words = Object.entries(Class.args ?? {}).map(([name, { required }]) =>
    required === true ? name.toUpperCase() : `[${name.toUpperCase()}]`,
  );
  return ['bldst', id, ...words, '[FLAGS]'].join(' ');
}

function examples(Class: CommandClass): string {
  const lines = (Class.examples ?? []).flatMap((example) => {
    const { description, command } =
      typeof example === 'string' ? { description: '', command: example } : example;
    return [`# ${description}`, `$ ${command.replaceAll('<%= config.bin %>', 'bldst')}`];
  });
  return `\`\`\`console\n${lines.join('\n')}\n\`\`\``;
}

function section(id: string, Class: CommandClass): string {
  const aliases = Object.entries(commandAliases).filter(([, command]) => command === id);
  return paragraphs(
    `### bldst ${id}`,
    Class.summary ?? '',
    `\`\`\`text\n${usage(id, Class)}\n\`\`\``,
    (Class.description ?? '').replaceAll('\n', '\n\n'),
    aliases.length === 0 ? '' : `Also: ${aliases.map(([name]) => `\`bldst ${name}\``).join(', ')}.`,
    argumentTable(Class.args ?? {}),
    flagTable(Class.flags ?? {}),
    examples(Class),
  );
}

/** Commands of one word first, then by their words. */
function bareFirst(a: string, b: string): number {
  const words = Number(a.includes(' ')) - Number(b.includes(' '));
  return words === 0 ? (a < b ? -1 : 1) : words;
}

/** Commands by their topic; those without one come under the empty name. */
function byTopic(ids: readonly string[]): Map<string, string[]> {
  const topics = new Map<string, string[]>();
  for (const id of ids) {
    const topic = id.includes(' ') ? id.slice(0, id.indexOf(' ')) : '';
    topics.set(topic, [...(topics.get(topic) ?? []), id]);
  }
  return topics;
}

const intro = `Every command has \`--help\`, which says what is here. Topics may be written in the plural (\`bldst builds list\`), and
\`bldst completion\` makes a shell complete all of it. [Exit codes](errors.md), [environment variables](environment.md).`;

/** Every command, its arguments, flags and examples, from the commands themselves. */
export async function commandsPage(): Promise<ReferencePage> {
  const topics = byTopic(Object.keys(commandTable).sort(bareFirst));
  const classes = new Map<string, CommandClass>();
  for (const [id, load] of Object.entries(commandTable))
    classes.set(id, (await load()).default as CommandClass);
  const contents = [...topics].map(([topic, ids]) => [
    topic === '' ? '(none)' : `[${topic}](#${anchorOf(topic)})`,
    ids
      .map((id) => `[${topic === '' ? id : id.slice(topic.length + 1)}](#${anchorOf(`bldst ${id}`)})`)
      .join(' · '),
  ]);
  const sections = [...topics].map(([topic, ids]) =>
    paragraphs(
      topic === '' ? '## Commands without a topic' : `## ${topic}`,
      topicSummaries[topic] ?? '',
      ...ids.map((id) => section(id, classes.get(id) as CommandClass)),
    ),
  );
  return {
    name: 'commands.md',
    title: 'Commands',
    text: paragraphs(
      intro,
      markdownTable(['topic', 'commands'], contents),
      '## Flags that commands share',
      'Every command shows its result in the form that is asked for; commands that speak to a tracker can be told which.',
      flagTable({ ...outputFlags, ...trackerFlags } as unknown as Flags),
      ...sections,
    ),
  };
}
