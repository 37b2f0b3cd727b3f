import { writeText } from '../output/write-text.ts';
import type { InputStream, Session } from '../session/session.ts';

async function firstLine(input: InputStream): Promise<string> {
  let text = '';
  for await (const chunk of input) {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    if (text.includes('\n')) break;
  }
  return text.split('\n', 1)[0] ?? '';
}

/**
 * Asks the person in front of the terminal a question.
 *
 * @returns whether they said yes, or `undefined` when there is nobody to ask
 */
export async function confirm({ stdin, stderr }: Session, question: string): Promise<boolean | undefined> {
  if (stdin.isTTY !== true || stderr.isTTY !== true) return undefined;
  await writeText(stderr, `${question} [y/N] `);
  return /^y(es)?$/i.test((await firstLine(stdin)).trim());
}
