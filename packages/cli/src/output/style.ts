import { styleText } from 'node:util';
import type { Environment } from '@buildstate/node-runtime';
import type { OutputStream } from '../session/session.ts';

type Paint = (text: string) => string;

/** How texts for people look. */
export interface Style {
  /** Titles. */
  readonly bold: Paint;
  /** What matters less. */
  readonly dim: Paint;
  /** Success. */
  readonly good: Paint;
  /** Failure. */
  readonly bad: Paint;
  /** What wants attention. */
  readonly warn: Paint;
  /** The time, in milliseconds since 1970, for ages. */
  readonly now: number;
  /** How many characters fit into a line, on a terminal; `undefined` where nobody counts them. */
  readonly width: number | undefined;
}

/**
 * Whether colours and moving lines are welcome: on a terminal, unless `NO_COLOR` (any value, as no-color.org has
 * it), `CI` or a dumb terminal say otherwise.
 */
export function isColourful(stream: OutputStream, env: Environment): boolean {
  return stream.isTTY === true && !env.NO_COLOR && !env.CI && env.TERM !== 'dumb';
}

/** How many characters fit into a line of a stream; `undefined` when it is no terminal. */
export function widthOf({ isTTY, columns }: OutputStream): number | undefined {
  return isTTY === true && columns !== undefined && columns > 0 ? columns : undefined;
}

/** The style for a stream. @param width see `Style` */
export function styleOf(colourful: boolean, now: number, width?: number): Style {
  const paint =
    (format: Parameters<typeof styleText>[0]): Paint =>
    // Whether colours are welcome has been decided, by more than the stream.
    (text) =>
      colourful ? styleText(format, text, { validateStream: false }) : text;
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    good: paint('green'),
    bad: paint('red'),
    warn: paint('yellow'),
    now,
    width,
  };
}
