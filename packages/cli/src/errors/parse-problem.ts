import { stripVTControlCharacters } from 'node:util';
import { nearestNames } from '@buildstate/core/light';
import { UsageError } from './usage-error.ts';

/** What the parser's errors carry besides their message. */
interface ParserFacts {
  /** Flags that the command does not have. */
  readonly flags?: unknown;
}

function unknownFlags(names: readonly string[], known: readonly string[]): string {
  return names
    .map((name) => {
      const wanted = name.replace(/^-+/, '').replace(/=.*$/s, '');
      const nearest = wanted.length > 1 ? nearestNames(wanted, known) : [];
      const advice =
        nearest.length === 0 ? '' : ` Did you mean ${nearest.map((n) => `--${n}`).join(' or ')}?`;
      return `There is no flag ${name.replace(/=.*$/s, '')}.${advice}`;
    })
    .join('\n');
}

/**
 * An error of the argument parser as one of ours: its own layout and the pointer to the help taken out, the
 * nearest flags added.
 *
 * @param known the flags that the command has
 */
export function parseProblem(error: Error & ParserFacts, known: readonly string[]): UsageError {
  if (Array.isArray(error.flags) && /^Nonexistent flag/.test(error.message)) {
    return new UsageError(unknownFlags(error.flags.map(String), known), { cause: error });
  }
  const message = stripVTControlCharacters(error.message)
    .replace(/^The following errors? occurred:\n/, '')
    .replaceAll(/^ *Missing required flag (\S+)$/gm, 'Missing required flag --$1.')
    .replace(/\n?See more help with --help$/, '')
    .replace(/^Parsing (--\S+) \n\t/, '$1: ');
  return new UsageError(message.trim(), { cause: error });
}
