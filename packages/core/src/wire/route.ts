import type { Scope } from '../access/api-token.ts';

/** How an operation is spoken over HTTP. Plain data without zod, so that a client starts fast. */
export interface Route {
  /** The method. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path, with `{parameters}`. Hyphens of its words may also be written as underscores. */
  readonly path: `/${string}`;
  /** Further paths of the same operation, for older clients. */
  readonly aliases?: readonly `/${string}`[];
  /** The scope that a key needs; `null`: open to everybody. */
  readonly scope: Scope | null;
  /** The status of a success. */
  readonly status: 200 | 201 | 204;
  /** The group in the API's documentation. */
  readonly tag: string;
  /** One line for the API's documentation. */
  readonly summary: string;
  /** Whether sending it twice has one effect, so that a client may repeat it after a fault. */
  readonly repeatable: boolean;
  /** Whether the answer's keys are the user's own, so that they are not renamed. */
  readonly verbatim?: boolean;
  /** Whether it may wait for something, as long as its caller asks for; nothing (204) is an answer then. */
  readonly waits?: boolean;
  /** Whether its body is a list that may be large, and may also come as one JSON text a line (NDJSON). */
  readonly large?: boolean;
  /** Whether it can also be followed live, as `text/event-stream`. */
  readonly stream?: boolean;
}

const parameters = /(\{\w+\})/;

/** A path with underscores for the hyphens of its words, as older clients write it. */
function underscored(path: string): string {
  const parts = path
    .split(parameters)
    .map((part) => (part.startsWith('{') ? part : part.replaceAll('-', '_')));
  return parts.join('');
}

/** Every path of an operation: its own, its aliases, and each of them with underscores for hyphens. */
export function pathsOf({ path, aliases = [] }: Pick<Route, 'path' | 'aliases'>): string[] {
  const written = [path, ...aliases];
  return [...new Set([...written, ...written.map(underscored)])];
}
