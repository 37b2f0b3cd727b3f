import { StringDecoder } from 'node:string_decoder';
import { UsageError } from '../errors/usage-error.ts';
import { writeText } from '../output/write-text.ts';
import type { Session } from '../session/session.ts';
import { secretFromStdin } from '../values/secret-text.ts';

const interrupt = '\u0003';
const endOfInput = '\u0004';
const backspaces = new Set(['\u007f', '\b']);

/** Reads a line that is typed into a terminal without showing it. @throws UsageError on Ctrl-C */
async function typedLine(input: AsyncIterable<string | Uint8Array>): Promise<string> {
  const decoder = new StringDecoder('utf8');
  let line = '';
  for await (const chunk of input) {
    for (const character of typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk))) {
      if (character === interrupt) throw new UsageError('Interrupted; nothing was stored.');
      if (character === '\r' || character === '\n' || character === endOfInput) return line;
      line = backspaces.has(character) ? line.slice(0, -1) : line + character;
    }
  }
  return line;
}

/**
 * A secret from standard input, or typed into the terminal without being shown. It is never an argument, which
 * everybody on the machine could read.
 *
 * @param what what it is, such as `API key`
 * @param flag the flag that says that it comes from standard input
 * @throws UsageError when there is none
 */
export async function readSecret(
  what: string,
  fromStdin: boolean,
  session: Session,
  flag = '--key-stdin',
): Promise<string> {
  const { stdin, stderr } = session;
  if (fromStdin) return secretFromStdin(what, stdin);
  if (stdin.isTTY !== true || stdin.setRawMode === undefined) {
    throw new UsageError(`Nobody can be asked for the ${what}. Pass it on standard input with ${flag}.`);
  }
  await writeText(stderr, `${what}: `);
  stdin.setRawMode(true);
  try {
    const secret = (await typedLine(stdin)).trim();
    if (secret === '') throw new UsageError(`No ${what} was given.`);
    return secret;
  } finally {
    stdin.setRawMode(false);
    await writeText(stderr, '\n');
  }
}
