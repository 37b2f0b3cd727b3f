const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time in seconds, short: `45s`, `12m 5s`, `1h 2m`, `3d 4h`. */
export function shortDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < minute) return `${whole}s`;
  if (whole < hour) return `${Math.floor(whole / minute)}m ${whole % minute}s`;
  if (whole < day) return `${Math.floor(whole / hour)}h ${Math.floor((whole % hour) / minute)}m`;
  return `${Math.floor(whole / day)}d ${Math.floor((whole % day) / hour)}h`;
}

/** A length of time by its largest unit alone: `45s`, `12m`, `3h`, `5d`. */
export function roughDuration(seconds: number): string {
  return shortDuration(seconds).split(' ', 1)[0] ?? '';
}

/**
 * How long ago a moment was, roughly.
 *
 * @param time ISO 8601
 * @param now milliseconds since 1970
 */
export function ageOf(time: string, now: number): string {
  return roughDuration((now - Date.parse(time)) / 1000);
}

/** A moment and how far away it is: `2026-03-01T12:00:00.000Z (5m ago)`, or `(in 5m)`. */
export function moment(time: string | null | undefined, now: number): string | undefined {
  if (!time) return undefined;
  const seconds = (now - Date.parse(time)) / 1000;
  return `${time} (${seconds < 0 ? `in ${roughDuration(-seconds)}` : `${roughDuration(seconds)} ago`})`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/**
 * A moment in a column: on a terminal how long ago it was, since a whole time would be cut there; elsewhere the time.
 *
 * @param style whose width tells a terminal
 */
export function columnMoment(
  time: string | null | undefined,
  { now, width }: { readonly now: number; readonly width: number | undefined },
): string | undefined {
  if (!time) return undefined;
  return width === undefined ? time : `${ageOf(time, now)} ago`;
}

/** A number of bytes with three digits or so: `512 B`, `1.5 KiB`, `256 MiB`. */
export function byteSize(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || amount >= 100 || Number.isInteger(amount) ? 0 : 1;
  return `${amount.toFixed(digits)} ${units[unit]}`;
}

/** A bar that is as full as the per cent say, in characters that every terminal has. */
export function progressBar(percent: number, width = 20): string {
  const full = Math.round((Math.min(100, Math.max(0, percent)) / 100) * width);
  return `[${'#'.repeat(full)}${'-'.repeat(width - full)}]`;
}
