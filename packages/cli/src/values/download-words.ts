import { UsageError } from '../errors/usage-error.ts';

/** What the words of a download mean. */
export interface DownloadWords {
  /** The build, unless its surroundings are to name it. */
  readonly build: string | undefined;
  /** The artifact, unless a flag chooses it. */
  readonly name: string | undefined;
  /** The file to make, if it was named. */
  readonly dest: string | undefined;
}

const uuid = /^[0-9a-f]{8}-([0-9a-f-]{0,27})$/i;

/** Whether a word can only be meant as a build: an id, its beginning, or `PROJECT:NUMBER`. */
export function looksLikeBuild(word: string): boolean {
  return uuid.test(word) || /^[0-9a-f]{8,36}$/i.test(word) || /^[A-Za-z0-9][\w.-]*:[^/\\]+$/.test(word);
}

/**
 * Tells apart BUILD, NAME and DEST, the first and last of which may be left out. Where a flag chooses the
 * artifact, there is no NAME.
 *
 * @throws UsageError for more words than there are things to name
 */
export function downloadWords(
  words: readonly [string | undefined, string | undefined, string | undefined],
  chosenByFlag: boolean,
): DownloadWords {
  const given = words.filter((word) => word !== undefined);
  const [first, second] = given;
  if (chosenByFlag) {
    if (given.length > 2) {
      throw new UsageError(`"${second}" names an artifact, but --latest or --state chooses one already.`);
    }
    if (given.length === 2) return { build: first, name: undefined, dest: second };
    if (first === undefined || looksLikeBuild(first))
      return { build: first, name: undefined, dest: undefined };
    return { build: undefined, name: undefined, dest: first };
  }
  if (given.length === 3) return { build: first, name: second, dest: given[2] };
  if (first !== undefined && looksLikeBuild(first)) return { build: first, name: second, dest: undefined };
  return { build: undefined, name: first, dest: second };
}
