import type { BuildDetails, EventRecord } from '@buildstate/client';
import { toWire } from '@buildstate/core/light';
import { progressBar } from '../output/amounts.ts';
import { isColourful, type Style, styleOf, widthOf } from '../output/style.ts';
import { writeText } from '../output/write-text.ts';
import type { Session } from '../session/session.ts';
import { buildLine, paintStatus } from '../views/build.ts';
import { eventLine } from '../views/event.ts';
import { leftText } from '../views/outlook.ts';

const clearLine = '\r\u001b[2K';

/** Shows what happens, one event a line: for people, with where the build is below on a terminal; or as JSON lines. */
export class WatchDisplay {
  readonly #session: Session;
  readonly #json: boolean;
  readonly #moving: boolean;
  #bar = '';
  #writing: Promise<void> = Promise.resolve();

  constructor(session: Session, json: boolean) {
    this.#session = session;
    this.#json = json;
    this.#moving = !json && isColourful(session.stdout, session.env);
  }

  /** Shows an event. @param what is put before it, where events of several builds are mixed */
  event(event: EventRecord, what?: string): void {
    if (this.#json) this.#write(`${JSON.stringify(toWire(event))}\n`);
    else this.#write(`${this.#clear}${eventLine(event, this.#style, what)}\n${this.#bar}`);
  }

  /** Shows where the build is, on a terminal. */
  where(build: BuildDetails): void {
    if (!this.#moving) return;
    const before = this.#clear;
    const left = leftText(build.eta);
    const text = `${buildLine(build)}${left === undefined ? '' : `, about ${left} left`}`;
    const line = `${progressBar(build.progress)} ${text}`.slice(0, (this.#style.width ?? 80) - 1);
    this.#bar = paintStatus(this.#style, build.status, line);
    this.#write(before + this.#bar);
  }

  /** Whether where the build is, and what is left of it, is shown below the events. */
  get moving(): boolean {
    return this.#moving;
  }

  /** Ends the moving line and waits until everything is written. @throws OutputFullError */
  async finish(): Promise<void> {
    if (this.#bar !== '') this.#write('\n');
    await this.#writing;
  }

  get #style(): Style {
    const { stdout, env, now } = this.#session;
    return styleOf(isColourful(stdout, env), now(), widthOf(stdout));
  }

  get #clear(): string {
    return this.#bar === '' ? '' : clearLine;
  }

  #write(text: string): void {
    this.#writing = this.#writing.then(() => writeText(this.#session.stdout, text));
  }
}
