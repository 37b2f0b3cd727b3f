import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { errorCode } from '@buildstate/node-runtime';
import { UsageError } from '../errors/usage-error.ts';
import type { InputStream, Session } from '../session/session.ts';

/** Most bytes that are read as one value. */
const maxBytes = 1024 * 1024;

function withoutLastNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/** All of a stream as text. @throws UsageError for more than 1 MiB */
export async function readAll(input: InputStream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > maxBytes) throw new UsageError('Standard input is longer than 1 MiB, which no value may be.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function readValueFile(name: string, path: string, cwd: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, path), 'utf8');
  } catch (cause) {
    throw new UsageError(`Cannot read ${path}, which ${name} is to be taken from: ${errorCode(cause)}.`, {
      cause,
    });
  }
}

/**
 * A value that should not be seen in the list of processes: `-` stands for standard input, `@file` for a file's
 * content; a newline at the end of either is not part of it. Anything else is the value itself.
 *
 * @param name what the value is for, to be named in errors
 * @throws UsageError when the file cannot be read
 */
export async function textFrom(
  name: string,
  text: string,
  { stdin, cwd }: Pick<Session, 'stdin' | 'cwd'>,
): Promise<string> {
  if (text === '-') return withoutLastNewline(await readAll(stdin));
  if (text.startsWith('@')) return withoutLastNewline(await readValueFile(name, text.slice(1), cwd));
  return text;
}

/** The first line of standard input, for `--key-stdin`. @throws UsageError when it is empty */
export async function secretFromStdin(what: string, stdin: InputStream): Promise<string> {
  const secret = (await readAll(stdin)).split(/\r?\n/, 1)[0]?.trim() ?? '';
  if (secret === '') throw new UsageError(`Standard input holds no ${what}.`);
  return secret;
}
