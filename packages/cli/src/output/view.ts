import type { Style } from './style.ts';

/**
 * A result in all the forms in which it can be shown. A form that makes no sense for it is left out, and asking
 * for that one is a usage error.
 */
export interface View {
  /** The API's answer, with TypeScript's names; shown with the names of the wire. */
  readonly body: unknown;
  /** Whether the keys of `body` are the user's own and are shown as they are. @default false */
  readonly verbatim?: boolean;
  /** Lines for people, without a newline at the end; empty for nothing to show. */
  readonly text: (style: Style) => string;
  /** One line per thing, for scripts: ids. */
  readonly ids?: () => readonly string[];
  /** Variables for `eval`: names and values. */
  readonly variables?: () => EnvironmentVariables | Promise<EnvironmentVariables>;
}

/** Names and values of environment variables; `undefined` ones are printed empty. */
export type EnvironmentVariables = Readonly<Record<string, string | number | undefined | null>>;
