import type { CompletedWords } from './describe.ts';

function quote(text: string): string {
  return `'${text.replaceAll(/[\\']/g, (character) => `\\${character}`)}'`;
}

/** A completion script for fish. */
export function fishCompletion({ topics, commands }: CompletedWords): string {
  const first = [
    ...Object.entries(topics),
    ...commands.filter(({ id }) => !id.includes(' ')).map(({ id, summary }) => [id, summary] as const),
  ].map(
    ([name, summary]) =>
      `complete -c bldst -n __fish_use_subcommand -f -a ${quote(name)} -d ${quote(summary)}`,
  );
  const rest = commands.flatMap(({ id, summary, flags }) => {
    const [topic = '', verb] = id.split(' ');
    const seen = `__fish_seen_subcommand_from ${topic}`;
    const verbs = commands
      .filter((other) => other.id.startsWith(`${topic} `))
      .map((other) => other.id.slice(topic.length + 1))
      .join(' ');
    const inside = verb === undefined ? seen : `${seen}; and __fish_seen_subcommand_from ${verb}`;
    const choose =
      verb === undefined
        ? []
        : [
            `complete -c bldst -n ${quote(`${seen}; and not __fish_seen_subcommand_from ${verbs}`)} -f -a ${quote(verb)} -d ${quote(summary)}`,
          ];
    return [
      ...choose,
      ...flags.map(({ name, short, summary: text, takesValue, values }) => {
        const letter = short === undefined ? '' : ` -s ${short.slice(1)}`;
        const value = values.length > 0 ? ` -x -a ${quote(values.join(' '))}` : takesValue ? ' -r' : '';
        return `complete -c bldst -n ${quote(inside)}${letter} -l ${name.slice(2)}${value} -d ${quote(text)}`;
      }),
    ];
  });
  return ['# Completion of bldst for fish: bldst completion fish | source', ...first, ...rest].join('\n');
}
