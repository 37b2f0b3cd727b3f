import { UsageError } from '../errors/usage-error.ts';

const oneOrRange = /^(\d{1,3})(?:-(\d{1,3}))?$/;

/**
 * State codes and ranges of them, separated by commas: `35-70,90`.
 * @throws UsageError for what is none
 */
export function stateRanges(flag: string, text: string): string[] {
  return text.split(',').map((part) => {
    const range = part.trim();
    const [, first, last = first] = oneOrRange.exec(range) ?? [];
    const fits = first !== undefined && Number(first) <= Number(last) && Number(last) <= 100;
    if (fits) return range;
    throw new UsageError(`--${flag} takes state codes and ranges of them such as 35-70,90, not "${range}".`);
  });
}

/** Whether a code is in one of some ranges. */
export function isInRanges(ranges: readonly string[], code: number): boolean {
  return ranges.some((range) => {
    const [, first, last = first] = oneOrRange.exec(range) ?? [];
    return code >= Number(first) && code <= Number(last);
  });
}
