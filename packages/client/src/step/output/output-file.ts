import { ValidationError } from '@buildstate/core/light';

/** A variable that a command wrote to the file that `BLDST_OUTPUT` names. */
export interface OutputVariable {
  /** Its key. */
  readonly key: string;
  /** Its value; may have several lines when it was written with a delimiter. */
  readonly value: string;
}

const assignment = /^([A-Za-z_][A-Za-z0-9_.-]*)=(.*)$/s;
const delimited = /^([A-Za-z_][A-Za-z0-9_.-]*)<<(.+)$/;

function invalid(line: number, message: string): ValidationError {
  return new ValidationError(`Line ${line} of the file that BLDST_OUTPUT names ${message}.`, {
    problems: [{ path: `line ${line}`, message }],
  });
}

/**
 * Reads what a command wrote to `$BLDST_OUTPUT`: lines `key=value`, and values of several lines between
 * `key<<END` and `END`. A key that is written again takes the later value; empty lines are left out.
 * @throws ValidationError that names the line, never its text, which may be secret
 */
export function parseOutputFile(text: string): OutputVariable[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const found = new Map<string, string>();
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const [, blockKey, end] = delimited.exec(line) ?? [];
    if (blockKey !== undefined && end !== undefined) {
      const close = lines.indexOf(end, at + 1);
      if (close < 0) throw invalid(at + 1, `opens a value that no line "${end}" closes`);
      found.set(blockKey, lines.slice(at + 1, close).join('\n'));
      at = close;
      continue;
    }
    const [, key, value] = assignment.exec(line) ?? [];
    if (key === undefined || value === undefined) throw invalid(at + 1, 'is neither key=value nor key<<END');
    found.set(key, value);
  }
  return [...found].map(([key, value]) => ({ key, value }));
}
