import { MalformedError } from '@buildstate/core';

/**
 * Reads a form (`application/x-www-form-urlencoded`) as an object of texts.
 * @throws MalformedError for a field that comes twice
 */
export function parseForm(text: string): Record<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (fields.has(name)) {
      throw new MalformedError(
        `The form has the field ${JSON.stringify(name.slice(0, 100))} twice; send it once.`,
      );
    }
    fields.set(name, value);
  }
  return Object.fromEntries(fields);
}
