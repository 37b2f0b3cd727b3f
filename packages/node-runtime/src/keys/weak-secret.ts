/** Words that stand in documentation where a secret should be. */
const placeholders = new Set([
  'changeme',
  'default',
  'dev',
  'development',
  'dummy',
  'example',
  'foo',
  'foobar',
  'key',
  'letmein',
  'none',
  'null',
  'password',
  'placeholder',
  'secret',
  'test',
  'testing',
  'token',
  'undefined',
  'xxx',
]);

/** Long enough that a random secret contains one by chance less than once in a billion times. */
const tellTales = [
  'changeme',
  'changethis',
  'replaceme',
  'placeholder',
  'password',
  'yoursecret',
  'mysecretkey',
];

const fewestBits = 256;
const fewestDistinct = 10;

function isRepetition(text: string): boolean {
  return text.length > 1 && (text + text).indexOf(text, 1) < text.length;
}

/** The most bits that a text of this alphabet and length can hold: 4 per hexadecimal digit, 6 per base64 digit. */
function bits(text: string): number {
  const digits = text.replace(/=+$/, '');
  return digits.length * (/^[0-9a-f]+$/i.test(digits) ? 4 : 6);
}

/**
 * Why a secret must not be used, as the end of a sentence that begins with its name, or `undefined` when it may.
 * The answer never repeats the secret.
 */
export function weakness(secret: string): string | undefined {
  const text = secret.trim();
  if (text === '') return 'is empty';
  const letters = text.toLowerCase().replace(/[^a-z]/g, '');
  const isPlaceholder = placeholders.has(letters) || tellTales.some((word) => letters.includes(word));
  if (isPlaceholder) return 'is a placeholder';
  if (bits(text) < fewestBits) return `holds fewer than ${fewestBits} bits`;
  if (new Set(text).size < fewestDistinct || isRepetition(text)) return 'repeats a pattern';
  return undefined;
}
