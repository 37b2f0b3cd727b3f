import { textWidth } from './text-width.ts';

/** A column gives way down to so many characters before the next one has to. */
const least = 8;

/** What stands at the end of a text that was cut. */
const cutSign = '…';

/** A text that takes at most so many columns of a terminal, with a sign where it was cut. */
export function clipped(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (textWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return width < 1 ? '' : kept + cutSign;
}

/**
 * The widths of columns, two blanks apart, that fit a terminal: those that may be cut give way first, the last of
 * them before the others; where that is not enough, all do.
 *
 * @param widths what the columns would take
 * @param cuttable which of them may be cut
 * @param whole the terminal's width
 */
export function fittingWidths(
  widths: readonly number[],
  cuttable: readonly boolean[],
  whole: number,
): readonly number[] {
  const fitting = [...widths];
  const excess = () => fitting.reduce((sum, width) => sum + width, 2 * (fitting.length - 1)) - whole;
  const giveWay = (floor: number, may: (index: number) => boolean) => {
    for (let index = fitting.length - 1; index >= 0 && excess() > 0; index -= 1) {
      const width = fitting[index] ?? 0;
      if (may(index)) fitting[index] = Math.min(width, Math.max(floor, width - excess()));
    }
  };
  giveWay(least, (index) => cuttable[index] === true);
  giveWay(1, () => true);
  return fitting;
}
