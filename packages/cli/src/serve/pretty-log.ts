import type { Style } from '../output/style.ts';
import { printable } from '../output/text-width.ts';

/** Members of a log line that have a place of their own. */
const placed = new Set(['level', 'time', 'service', 'msg', 'err', 'pid', 'hostname']);

function paintLevel(style: Style, level: string): string {
  const text = level.toUpperCase().padEnd(5);
  if (level === 'error' || level === 'fatal') return style.bad(text);
  if (level === 'warn') return style.warn(text);
  return level === 'info' ? style.good(text) : style.dim(text);
}

function fieldText(value: unknown): string {
  return printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}

function requestText({ method, path, status, ms }: Record<string, unknown>): string | undefined {
  if (method === undefined || status === undefined) return undefined;
  return `${fieldText(method)} ${fieldText(path)} ${fieldText(status)} ${fieldText(ms)}ms`;
}

/**
 * One JSON line of the server's log as a line for people: time of day, level, what happened, and the facts that
 * are left.
 */
export function prettyLogLine(line: string, style: Style): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    // Not ours: it is shown as it is.
    return line;
  }
  const { level, time, msg, err } = entry;
  const clock = typeof time === 'string' ? time.slice(11, 19) : '';
  const request = requestText(entry);
  const words = request !== undefined && msg === 'request' ? request : fieldText(msg ?? '');
  const used = request === undefined || msg !== 'request' ? [] : ['method', 'path', 'status', 'ms'];
  const facts = Object.entries(entry)
    .filter(
      ([name, value]) => !placed.has(name) && !used.includes(name) && value !== undefined && value !== null,
    )
    .map(([name, value]) => `${name}=${fieldText(value)}`);
  const stack = (err as { stack?: unknown } | undefined)?.stack;
  return [
    [style.dim(clock), paintLevel(style, String(level)), words, style.dim(facts.join(' '))]
      .filter(Boolean)
      .join(' '),
    ...(typeof stack === 'string' ? [style.dim(stack)] : []),
  ].join('\n');
}
