import { nearestNames } from '@buildstate/core/light';
import { type CommandId, commandAliases, commandTable } from './command-table.ts';

/** What a command line asks for. */
export type Request =
  | { readonly kind: 'command'; readonly id: CommandId; readonly argv: string[] }
  | { readonly kind: 'help'; readonly words: readonly string[] }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'unknown';
      readonly words: readonly string[];
      readonly nearest: readonly string[];
      /** The topic, where only the verb is unknown. */
      readonly topic?: string | undefined;
    };

const topics: ReadonlySet<string> = new Set(
  Object.keys(commandTable)
    .filter((id) => id.includes(' '))
    .map((id) => id.slice(0, id.indexOf(' '))),
);

const helpFlags = new Set(['--help', '-h']);

/** The topic that a word means: plurals such as `builds`, `retry-policies` and singulars such as `event` as well. */
function topicOf(word: string): string {
  if (topics.has(word) || Object.hasOwn(commandTable, word)) return word;
  const singular = word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.replace(/s$/, '');
  return [singular, `${word}s`].find((name) => topics.has(name)) ?? word;
}

function isCommand(id: string): id is CommandId {
  return Object.hasOwn(commandTable, id);
}

/** The command that words begin with, by its name or an alias, and how many words name it. */
function commandAt(words: readonly string[]): { id: CommandId; length: number } | undefined {
  const [first = '', second = ''] = words;
  for (const [name, length] of [
    [`${topicOf(first)} ${second}`, 2],
    [first, 1],
  ] as const) {
    const id = Object.hasOwn(commandAliases, name) ? commandAliases[name] : name;
    if (id !== undefined && isCommand(id)) return { id, length };
  }
  return undefined;
}

function asksForHelp(argv: readonly string[]): boolean {
  for (const word of argv) {
    if (word === '--') return false;
    if (helpFlags.has(word)) return true;
  }
  return false;
}

/** Splits a command written with oclif's other separator, `build:get`. */
function wordsOf(argv: readonly string[]): readonly string[] {
  const [first = '', ...others] = argv;
  return /^[a-z-]+:[a-z-]+$/.test(first) ? [...first.split(':'), ...others] : argv;
}

/** What words may have meant that name no command: a verb of their topic, a whole command, or a topic. */
function unknown(words: readonly string[]): Request {
  const [first = '', second = ''] = words;
  const topic = topicOf(first);
  const names = [...Object.keys(commandTable), ...Object.keys(commandAliases)];
  const inTopic = names.filter((name) => name.startsWith(`${topic} `));
  if (inTopic.length > 0) {
    // Compared with their topic: verbs alone are too short to be misspelt by two letters.
    const nearest = nearestNames(`${topic} ${second}`, inTopic);
    return { kind: 'unknown', words: [first, second], nearest, topic };
  }
  const whole = nearestNames(`${first} ${second}`.trim(), names);
  const nearest = whole.length > 0 ? whole : nearestNames(first, [...topics, ...names]);
  const asked = whole.some((name) => name.includes(' ')) ? [first, second] : [first];
  return { kind: 'unknown', words: asked.filter((word) => word !== ''), nearest };
}

/** Finds out what a command line asks for. */
export function findCommand(argv: readonly string[]): Request {
  const words = wordsOf(argv);
  const [first] = words;
  if (first === undefined || helpFlags.has(first)) return { kind: 'help', words: [] };
  if (first === '--version' || first === '-v' || first === 'version') return { kind: 'version' };
  const found = commandAt(words);
  if (found !== undefined) {
    const rest = words.slice(found.length);
    if (asksForHelp(rest)) return { kind: 'help', words: [found.id] };
    return { kind: 'command', id: found.id, argv: [...rest] };
  }
  if (first === 'help')
    return { kind: 'help', words: words.slice(1).filter((word) => !word.startsWith('-')) };
  const topic = topicOf(first);
  if (topics.has(topic) && (words.length === 1 || words[1]?.startsWith('-') === true)) {
    return { kind: 'help', words: [topic] };
  }
  return unknown(words);
}
