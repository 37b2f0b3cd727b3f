/** Characters that terminals draw two columns wide. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;
const combining = /\p{M}|\u200d|\ufe0f/u;
const ascii = /^[\x20-\x7e]*$/;

/** How many columns of a terminal a text takes. */
export function textWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}

/**
 * A text as one line that cannot steer the terminal: what others have written into the tracker may hold escape
 * sequences and newlines.
 */
export function printable(text: string): string {
  return (
    text
      .replaceAll(/\s+/g, ' ')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
      .replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
  );
}
