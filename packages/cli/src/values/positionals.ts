import { UsageError } from '../errors/usage-error.ts';

/**
 * Words of a command whose first one, the build, may be left out because its surroundings name it. With all words
 * there, the first is the build; with one less, it is left out.
 *
 * @param words the words that were given, missing ones `undefined`
 * @param name what the word after the build is called
 * @throws UsageError when the word after the build is missing
 */
export function buildAndName(
  words: readonly [string | undefined, string | undefined],
  name: string,
): { readonly build: string | undefined; readonly name: string } {
  const [first, second] = words;
  if (first === undefined) throw new UsageError(`Give ${name} as an argument.`);
  return second === undefined ? { build: undefined, name: first } : { build: first, name: second };
}
