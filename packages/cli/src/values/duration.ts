import { UsageError } from '../errors/usage-error.ts';

const secondsOf: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/**
 * The seconds of a length of time: `90`, `90s`, `5m`, `1.5h`, `7d`, `2w`.
 * @throws UsageError when it is none
 */
export function durationSeconds(flag: string, text: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)?$/.exec(text.trim()) ?? [];
  if (amount === undefined) {
    throw new UsageError(`--${flag} must be a length of time such as 90s, 5m, 1.5h or 7d, not "${text}".`);
  }
  return Number(amount) * (secondsOf[unit] ?? 1);
}

/**
 * The moment that a flag names: ISO 8601 with a zone, or a length of time from now.
 *
 * @param direction whether a length of time counts into the future or the past
 * @param now milliseconds since 1970
 * @throws UsageError when it is neither
 */
export function instantOf(flag: string, text: string, direction: 'ahead' | 'ago', now: number): string {
  if (/^\d{4}-/.test(text)) {
    const time = Date.parse(text);
    if (!Number.isNaN(time)) return new Date(time).toISOString();
    throw new UsageError(`--${flag} must be a time such as 2026-03-01T12:00:00Z, not "${text}".`);
  }
  const milliseconds = durationSeconds(flag, text) * 1000;
  return new Date(direction === 'ahead' ? now + milliseconds : now - milliseconds).toISOString();
}
