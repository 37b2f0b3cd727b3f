import type { Finding } from '../doctor/finding.ts';
import type { Style } from '../output/style.ts';
import { printable } from '../output/text-width.ts';
import type { View } from '../output/view.ts';

const statuses = ['fail', 'warn', 'ok'] as const;

function line({ name, status, message, next }: Finding, width: number, style: Style): string {
  const paint = { ok: style.good, warn: style.warn, fail: style.bad }[status];
  const advice = next === undefined ? '' : ` Try: ${next}`;
  return `${paint(status.padEnd(4))}  ${name.padEnd(width)}  ${printable(message)}${advice}`;
}

/** What was found, one line each. */
export function doctorView(findings: readonly Finding[]): View {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return {
    body: {
      status: statuses.find((wanted) => findings.some(({ status }) => status === wanted)),
      checks: findings.map(({ name, status, message, next }) => ({
        name,
        status,
        message,
        next: next ?? null,
      })),
    },
    ids: () => findings.filter(({ status }) => status !== 'ok').map(({ name }) => name),
    text: (style) => findings.map((finding) => line(finding, width, style)).join('\n'),
  };
}
