import { clipped, fittingWidths } from './fit.ts';
import type { Style } from './style.ts';
import { printable, textWidth } from './text-width.ts';

/** A column of a table. */
export interface Column<Row> {
  /** What stands at its head. */
  readonly title: string;
  /** The text of a row. */
  readonly value: (row: Row) => string | null | undefined;
  /** Which side is flush. @default 'left' */
  readonly align?: 'left' | 'right';
  /** Whether its texts are cut first where a terminal is too narrow. @default false */
  readonly cuttable?: boolean;
  /** Colours a text after it has been padded. */
  readonly paint?: (text: string, row: Row) => string;
}

/** What stands for nothing. */
export const nothing = '-';

function pad(text: string, width: number, align: 'left' | 'right' | undefined): string {
  const blanks = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'right' ? blanks + text : text + blanks;
}

/**
 * Aligned columns under their titles, two blanks apart, without lines around them. On a terminal no line is longer
 * than the terminal is wide; anywhere else everything is there.
 */
export function table<Row>(style: Style, rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const texts = rows.map((row) => columns.map(({ value }) => printable(value(row) || nothing)));
  const wanted = columns.map(({ title }, index) =>
    Math.max(textWidth(title), ...texts.map((line) => textWidth(line[index] ?? ''))),
  );
  const widths =
    style.width === undefined
      ? wanted
      : fittingWidths(
          wanted,
          columns.map(({ cuttable }) => cuttable === true),
          style.width,
        );
  const line = (cells: readonly string[], finish: (text: string, index: number) => string) =>
    cells
      .map((cell, index) => {
        const last = index === cells.length - 1 && columns[index]?.align !== 'right';
        const width = widths[index] ?? 0;
        const text = clipped(cell, width);
        return finish(last ? text : pad(text, width, columns[index]?.align), index);
      })
      .join('  ');
  const head = line(
    columns.map(({ title }) => title),
    (text) => style.bold(text),
  );
  const body = rows.map((row, number) =>
    line(texts[number] ?? [], (text, index) => columns[index]?.paint?.(text, row) ?? text),
  );
  return [head, ...body].join('\n');
}

/** A name, its value, and how the value is coloured. */
type Detail = readonly [name: string, value: string | null | undefined, paint?: (text: string) => string];

/** Names and values, one a line, the values under each other. Values that are missing are left out. */
export function details(style: Style, entries: readonly Detail[]): string {
  const shown = entries.filter(([, value]) => Boolean(value));
  const width = Math.max(0, ...shown.map(([name]) => textWidth(name)));
  return shown
    .map(([name, value, paint = (text) => text]) => {
      const gap = ' '.repeat(width - textWidth(name) + 2);
      return `${style.bold(`${name}:`)}${gap}${paint(printable(value ?? ''))}`;
    })
    .join('\n');
}
