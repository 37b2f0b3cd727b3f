import type { UploadedPart, UploadHandle } from '@buildstate/core';

/** What a source was when its upload began, as texts and numbers that JSON can hold. */
export interface NotedSource {
  /** Number of the file in its file system. */
  readonly inode: string;
  /** Size in bytes. */
  readonly sizeBytes: number;
  /** When its bytes last changed, in nanoseconds since the epoch. */
  readonly modifiedNs: string;
}

/** What is noted before an upload begins: enough to find it again, and to give it up, whatever happens next. */
export interface NotedIntent {
  /** The object's key. */
  readonly key: string;
  /** `ArtifactBackend.uri` of where it goes. */
  readonly backend: string;
  /** The file that is sent. */
  readonly source: NotedSource;
  /** Size of every part but the last, in bytes. */
  readonly partBytes: number;
  /** When it began, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** What the caller needs to go on: plain data. Never a secret. */
  readonly about?: unknown;
}

/** A part that the store has acknowledged. */
export interface NotedPart extends UploadedPart {
  /** SHA-256 of the source from its start to the end of this part: 64 lower-case hexadecimal characters. */
  readonly prefix: string;
}

/** What is noted before an upload is completed. */
export interface NotedWhole {
  /** SHA-256 of the source: 64 lower-case hexadecimal characters. */
  readonly sha256: string;
  /** Size in bytes. */
  readonly sizeBytes: number;
}

/** All that a journal says of one upload. */
export interface JournalState {
  readonly intent: NotedIntent;
  /** The store's handle; missing when the store was asked for one and nobody lived to note the answer. */
  readonly upload?: UploadHandle;
  /** Acknowledged parts by their number. */
  readonly parts: ReadonlyMap<number, NotedPart>;
  /** There when all parts were stored and the upload was about to be completed. */
  readonly whole?: NotedWhole;
}

/** One line of a journal. */
export type JournalLine =
  | { readonly version: 1; readonly intent: NotedIntent }
  | { readonly upload: UploadHandle }
  | { readonly part: NotedPart }
  | { readonly whole: NotedWhole };

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
}

function holds(value: unknown, texts: readonly string[], numbers: readonly string[] = []): boolean {
  const fields = fieldsOf(value);
  return (
    fields !== undefined &&
    texts.every((name) => typeof fields[name] === 'string') &&
    numbers.every((name) => Number.isSafeInteger(fields[name]) && (fields[name] as number) >= 0)
  );
}

function parseLine(text: string): JournalLine | undefined {
  let line: Fields | undefined;
  try {
    line = fieldsOf(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const whole =
    (holds(line?.intent, ['key', 'backend'], ['partBytes', 'startedAt']) &&
      holds(fieldsOf(line?.intent)?.source, ['inode', 'modifiedNs'], ['sizeBytes']) &&
      line?.version === 1) ||
    holds(line?.upload, ['key', 'uploadId']) ||
    holds(line?.part, ['tag', 'prefix'], ['number', 'size']) ||
    holds(line?.whole, ['sha256'], ['sizeBytes']);
  return whole ? (line as unknown as JournalLine) : undefined;
}

/**
 * Reads a journal's text. A line that a crash cut short, and whatever follows it, counts as not written: what it
 * would have told is asked of the store or done again. Answers `undefined` when not even the first line is there.
 */
export function parseJournal(text: string): JournalState | undefined {
  // What does not end with a line feed was cut short.
  const [first = '', ...rest] = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const begin = parseLine(first);
  if (begin === undefined || !('intent' in begin)) return undefined;
  const parts = new Map<number, NotedPart>();
  let state: JournalState = { intent: begin.intent, parts };
  for (const line of rest.map(parseLine)) {
    if (line === undefined) break;
    if ('upload' in line) state = { ...state, upload: line.upload };
    else if ('whole' in line) state = { ...state, whole: line.whole };
    else if ('part' in line) parts.set(line.part.number, line.part);
  }
  return state;
}
