import { type DestinationStream, destination, type LevelWithSilent, type Logger, pino } from 'pino';
import { GatheredLines } from './gathered-lines.ts';

/** Where and how much is logged. */
export interface LogOptions {
  /** Least severe level that is written. @default 'info' */
  readonly level?: LevelWithSilent;
  /** Where lines of JSON go. @default standard error, written without blocking */
  readonly stream?: DestinationStream;
}

/** What must never be written, wherever a field of that name turns up in what is logged. */
const secretFields = [
  'authorization',
  'Authorization',
  '["x-api-key"]',
  '["X-API-Key"]',
  'cookie',
  'key',
  'secret',
  'password',
  'variable_value',
  'variableValue',
];
const paths = ['', '*.', '*.*.'].flatMap((prefix) =>
  secretFields.map((field) =>
    field.startsWith('[') ? `${prefix.replace(/\.$/, '')}${field}` : `${prefix}${field}`,
  ),
);

/** API keys inside any text: the id may be seen, the secret may not. */
const keys = /bldst_([0-9a-f]{16})_[A-Za-z0-9_-]{20,}/g;

/** A log line without the secrets of API keys. */
export function withoutKeys(line: string): string {
  return line.includes('bldst_') ? line.replace(keys, 'bldst_$1_[redacted]') : line;
}

let lastTime = 0;
let lastText = '';

/** The present time in UTC, as it is written into lines. Made once for all lines of a millisecond. */
export function timeNow(): string {
  const now = Date.now();
  if (now !== lastTime) {
    lastTime = now;
    lastText = new Date(now).toISOString();
  }
  return lastText;
}

let standardError: GatheredLines | undefined;

/** Standard error, written without ever blocking a request, and before the process ends. */
function standardErrorLines(): DestinationStream {
  if (standardError === undefined) {
    const lines = new GatheredLines(destination({ dest: 2, sync: false }));
    // First of all, since what is written to ends then.
    const flush = () => lines.passOn();
    process.prependOnceListener('beforeExit', flush);
    process.prependOnceListener('exit', flush);
    standardError = lines;
  }
  return standardError;
}

/**
 * The server's logger: JSON lines, UTC times, secrets taken out twice: fields by name, and API keys wherever they
 * stand in a line, such as in an error's message.
 */
export function createLogger(options: LogOptions = {}): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      base: { service: 'buildstate' },
      timestamp: () => `,"time":"${timeNow()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: '[redacted]' },
      hooks: { streamWrite: withoutKeys },
    },
    options.stream ?? standardErrorLines(),
  );
}
