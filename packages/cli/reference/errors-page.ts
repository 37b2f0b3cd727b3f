import { errorClasses, statusOf } from '@buildstate/core';
import { HttpError, type HttpErrorCode, httpErrorCodes } from '@buildstate/server';
import { markdownTable, paragraphs, type ReferencePage } from '@buildstate/tooling/reference';
import { exitCodeOfKind, exitCodes, passThroughOffset } from '../src/errors/exit-codes.ts';
import { UsageError } from '../src/errors/usage-error.ts';
import { errorMeanings } from './error-meanings.ts';

interface Row {
  readonly code: string;
  readonly status: string;
  readonly exitCode: number;
}

/** Errors of the tracker, of HTTP alone, and of the command line alone, by their code. */
function rows(): Row[] {
  const ofTracker = Object.entries(errorClasses).map(([code, Class]) => {
    const error = new Class('');
    return { code, status: String(statusOf(error)), exitCode: exitCodeOfKind[error.kind] };
  });
  const known = new Set(ofTracker.map(({ code }) => code));
  const ofHttp = httpErrorCodes
    .filter((code) => !known.has(code))
    .map((code: HttpErrorCode) => {
      const { status, kind } = new HttpError(code, '');
      return { code, status: String(status), exitCode: exitCodeOfKind[kind] };
    });
  const usage = new UsageError('');
  const ofCommands = { code: usage.code, status: '', exitCode: exitCodeOfKind[usage.kind] };
  return [...ofTracker, ...ofHttp, ofCommands].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** The codes of all errors. */
export function errorCodes(): string[] {
  return rows().map(({ code }) => code);
}

const intro = `An error of the API is \`application/problem+json\` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)): \`status\`, \`code\`,
a sentence in \`detail\` that says what, which object, and what to do, for invalid fields one entry of \`errors\` each
(\`path\`, \`message\`), and \`request_id\`. \`bldst\` prints the sentence and the next command to try, the whole problem with
\`-o json\`, and ends with the exit code below. Match on \`code\`, which stays; sentences may change.`;

const passing = `Commands that run another command (\`step\`, \`run\`, \`build lease … -- COMMAND\`) pass its exit code through, and use
${passThroughOffset} and the code above for their own errors: ${passThroughOffset + exitCodes.conflict.code} for a conflict, ${passThroughOffset + exitCodes.auth.code} for a key that is not accepted.`;

/** Every error code with its HTTP status, its exit code and what it means. */
export function errorsPage(): ReferencePage {
  const codes = rows().map(({ code, status, exitCode }) => [
    `\`${code}\``,
    status,
    String(exitCode),
    errorMeanings[code] ?? '',
  ]);
  return {
    name: 'errors.md',
    title: 'Errors and exit codes',
    text: paragraphs(
      intro,
      '## Codes',
      markdownTable(['code', 'HTTP status', 'exit code', 'meaning'], codes),
      '## Exit codes of bldst',
      markdownTable(
        ['exit code', 'meaning'],
        Object.values(exitCodes).map(({ code, meaning }) => [String(code), `${meaning}.`]),
      ),
      passing,
    ),
  };
}
