import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { StateReport } from '@buildstate/client';
import { fromWire } from '@buildstate/core/light';
import { errorCode } from '@buildstate/node-runtime';
import { UsageError } from '../errors/usage-error.ts';
import type { Session } from '../session/session.ts';

/** Most bytes of reports at once, as the API takes them. */
const maxBytes = 16 * 1024 * 1024;

async function textOf(path: string, { stdin, cwd }: Pick<Session, 'stdin' | 'cwd'>): Promise<string> {
  if (path !== '-') {
    try {
      return await readFile(resolve(cwd, path), 'utf8');
    } catch (cause) {
      throw new UsageError(`Cannot read the reports in ${path}: ${errorCode(cause)}.`, { cause });
    }
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > maxBytes)
      throw new UsageError('Standard input is longer than 16 MiB. Send the reports in parts.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new UsageError(`${where} is not JSON: ${(cause as Error).message}.`, { cause });
  }
}

/** A JSON array, or a JSON object a line. */
function reportsIn(text: string): unknown[] {
  if (text.trimStart().startsWith('[')) return parsed(text, 'The list of reports') as unknown[];
  return text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parsed(line, `Line ${index + 1}`)]));
}

/**
 * The reports in a file, or with `-` on standard input.
 * @throws UsageError when it cannot be read or holds anything else
 */
export async function readReports(
  path: string,
  session: Pick<Session, 'stdin' | 'cwd'>,
): Promise<StateReport[]> {
  return reportsIn(await textOf(path, session)).map((report, index) => {
    if (typeof report === 'object' && report !== null && !Array.isArray(report)) {
      return fromWire<StateReport>(report);
    }
    throw new UsageError(`Report ${index + 1} is not a JSON object such as {"state": 10}.`);
  });
}
