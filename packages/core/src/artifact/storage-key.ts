import { ValidationError } from '../errors/validation-error.ts';

const longestKey = 1024;
const longestSegment = 255;
/** Names that Windows takes for devices, with any ending. */
const device = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const control = /[\u0000-\u001f\u007f]/;

/** Why a segment of a key cannot be the name of a file everywhere, or `undefined` when it can. */
function segmentProblem(segment: string): string | undefined {
  if (segment === '') return 'has an empty segment';
  if (segment === '.' || segment === '..') return `has a segment "${segment}"`;
  if (control.test(segment)) return 'has a control character';
  if (segment.includes('\\')) return 'has a backslash';
  if (device.test(segment)) return `has a device name "${segment}"`;
  if (/[. ]$/.test(segment)) return 'has a segment that ends in a dot or a blank';
  if (new TextEncoder().encode(segment).length > longestSegment)
    return `has a segment over ${longestSegment} bytes`;
  return undefined;
}

/**
 * Checks that a key stays inside its root and is a name everywhere: relative, `/`-separated, no traversal, no
 * device names, no control characters, no trailing dots, at most 1,024 bytes, segments at most 255.
 * @param field the field's name, for the error
 * @throws ValidationError
 */
export function checkStorageKey(key: string, field = 'key'): string {
  const tooLong = new TextEncoder().encode(key).length > longestKey;
  const problem =
    (tooLong ? `is over ${longestKey} bytes` : undefined) ??
    (/^[a-z]:/i.test(key) ? 'starts with a drive letter' : undefined) ??
    key
      .split('/')
      .map(segmentProblem)
      .find((found) => found !== undefined);
  if (problem === undefined) return key;
  const message = `${problem}; use letters, digits, dots, hyphens and slashes`;
  throw new ValidationError(`${field} ${message}.`, { problems: [{ path: field, message }] });
}

/** Longest segment that is made of a text, in UTF-16 units: at most 240 bytes of UTF-8. */
const longestMade = 80;

/** A text cut to a length, but never in the middle of a character. */
function cut(text: string): string {
  const short = text.slice(0, longestMade);
  return short.isWellFormed() ? short : short.slice(0, -1);
}

/** Turns any text into one safe segment of a key, readable where it can be. */
export function safeSegment(text: string): string {
  const clean = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+/, '');
  const cleaned = cut(clean).replace(/[.-]+$/, '');
  return cleaned === '' || device.test(cleaned) ? `_${cleaned}` : cleaned;
}

/** The parts of an artifact's default place. */
export interface ArtifactPlace {
  /** Name of the project. */
  readonly project: string;
  /** Number of the build. */
  readonly buildNumber: string;
  /** State code. */
  readonly state: number;
  /** A text that is unique to the attempt and the upload. */
  readonly attempt: string;
  /** Name of the file. */
  readonly filename: string;
}

/** The default key: `{project}/{build}/state-{state}/{attempt}/{filename}`, every part made safe. */
export function defaultKey(place: ArtifactPlace): string {
  const { project, buildNumber, state, attempt, filename } = place;
  const parts = [project, ...buildNumber.split('/'), `state-${state}`, attempt, filename];
  return checkStorageKey(parts.map(safeSegment).join('/'));
}
