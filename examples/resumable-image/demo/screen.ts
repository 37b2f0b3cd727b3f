import { styleText } from 'node:util';

/** Where the demonstration shows what happens: in colours on a terminal, as plain text in a pipe. */
export interface Screen {
  /** Begins a part. */
  heading(text: string): void;
  /** A line of a process. */
  line(name: string, text: string): void;
  /** A line of the demonstration itself. */
  say(text: string): void;
  /** A good or a bad result. */
  verdict(good: boolean, text: string): void;
}

type Format = Parameters<typeof styleText>[0];

/** A screen on standard output. */
export function screen(): Screen {
  const begun = performance.now();
  const styled = (format: Format, text: string) => styleText(format, text, { stream: process.stdout });
  const clock = () => `${((performance.now() - begun) / 1000).toFixed(1).padStart(5)} s`;
  return {
    heading: (text) => console.log(`\n${styled('bold', text)}`),
    line: (name, text) => console.log(`${styled('dim', clock())}  ${styled('cyan', name)}  ${text}`),
    say: (text) => console.log(text),
    verdict: (good, text) => console.log(`${styled(good ? 'green' : 'red', good ? 'ok  ' : 'BAD ')}${text}`),
  };
}
