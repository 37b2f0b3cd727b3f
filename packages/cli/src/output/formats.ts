import { UsageError } from '../errors/usage-error.ts';

/** Every output format. */
export const outputFormats = ['table', 'json', 'yaml', 'env', 'id'] as const;
/** How a result is shown. */
export type OutputFormat = (typeof outputFormats)[number];

/** Whether machines read it, so that errors are given in the same form as well. */
export function isStructured(format: OutputFormat): format is 'json' | 'yaml' {
  return format === 'json' || format === 'yaml';
}

/**
 * The output format that a command line asks for before it has been parsed, for errors of the parser itself.
 * What it does not recognise counts as `table`.
 */
export function formatOfArgv(argv: readonly string[]): OutputFormat {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  if (own.includes('--json')) return 'json';
  const named = own.flatMap((word, index) => {
    if (word === '-o' || word === '--output') return [own[index + 1]];
    return [/^(?:-o=?|--output=)(\w+)$/.exec(word)?.[1]];
  });
  return outputFormats.find((format) => named.includes(format)) ?? 'table';
}

/**
 * The format of a command line, or else the configured one.
 * @throws UsageError when two are asked for
 */
export function chooseFormat(
  flags: { readonly output?: string | undefined; readonly json?: boolean | undefined },
  configured: string | undefined,
): OutputFormat {
  if (flags.json === true) {
    if (flags.output === undefined || flags.output === 'json') return 'json';
    throw new UsageError(`--json and --output ${flags.output} contradict each other: give one of them.`);
  }
  const wanted = flags.output ?? configured;
  return outputFormats.find((format) => format === wanted) ?? 'table';
}
