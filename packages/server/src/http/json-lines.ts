import { MalformedError, ValidationError } from '@buildstate/core';
import { parseStrictJson } from './strict-json.ts';

/**
 * Parses JSON lines (NDJSON) as the array of what stands on them. Empty lines are passed over.
 * @param maxDepth most objects and arrays around a value of a line
 * @throws MalformedError, ValidationError with the number of the line that is wrong
 */
export function parseJsonLines(text: string, maxDepth: number): unknown[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [parseStrictJson(line, maxDepth)];
    } catch (error) {
      const about = `Line ${index + 1}:`;
      if (error instanceof MalformedError)
        throw new MalformedError(`${about} ${error.message}`, { cause: error });
      if (!(error instanceof ValidationError)) throw error;
      throw new ValidationError(`${about} ${error.message}`, { cause: error, problems: error.problems });
    }
  });
}
