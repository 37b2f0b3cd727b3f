const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };
const whole = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const part = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/** How durations are written, for error messages. */
export const durationForm = 'a number of seconds, or a duration such as 90s, 45m or 1h30m';

/** Seconds of a duration such as `90s`, `45m`, `1h30m` or `2.5h`, or `undefined` when the text is none. */
export function parseDuration(text: string): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (!whole.test(text)) return undefined;
  const seconds = [...text.matchAll(part)].map(
    ([, amount, unit = 's']) => Number(amount) * (unitSeconds[unit] ?? 1),
  );
  return seconds.reduce((sum, each) => sum + each, 0);
}
