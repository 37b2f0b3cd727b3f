import { get } from 'node:http';

/**
 * Listeners on `GET /events`, in a process of their own, so that what they take is not taken from whoever reports.
 * Every listener counts its events; one in ten also notes when each of them came, because looking into all of them
 * would measure this process instead of the server. Times are on the clock that processes of a machine share.
 */
export interface ToListeners {
  /** Opens listeners at a server. */
  readonly open?: { readonly url: string; readonly key: string; readonly listeners: number };
  /** Asks for the smallest count of any listener. */
  readonly count?: true;
  /** Ends all, and asks what came; when each event was asked for, by build and `seq`. */
  readonly close?: readonly (readonly [string, number])[];
}

/** What came. */
export interface FromListeners {
  /** All are open. */
  readonly opened?: true;
  /** Events of the listener that has the fewest, and the most. */
  readonly least?: number;
  readonly most?: number;
  /** Milliseconds of each delivery that was looked at, ascending. */
  readonly delays?: readonly number[];
}

const sampled = 10;
const wanted = /"build_id":"([^"]+)"[^\n]*?"seq":(\d+)/g;
const mark = Buffer.from('\nevent: ');

const counts: number[] = [];
const arrivals: (readonly [string, number])[] = [];
const closers: (() => void)[] = [];

function countIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + mark.length)) count += 1;
  return count;
}

function listen(index: number, url: string, key: string): Promise<void> {
  counts[index] = 0;
  return new Promise((resolve, reject) => {
    const headers = { accept: 'text/event-stream', 'x-api-key': key };
    const request = get(`${url}/events?type=state.completed`, { agent: false, headers }, (response) => {
      let rest: Buffer = Buffer.alloc(0);
      response.on('data', (bytes: Buffer) => {
        const now = performance.timeOrigin + performance.now();
        const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
        const end = all.lastIndexOf('\n\n') + 2;
        if (end === 1) {
          rest = all;
          return;
        }
        rest = all.subarray(end);
        const whole = all.subarray(0, end);
        counts[index] = (counts[index] ?? 0) + countIn(whole);
        if (index % sampled !== 0) return;
        for (const [, build, seq] of whole.toString('latin1').matchAll(wanted))
          arrivals.push([`${build}#${seq}`, now]);
      });
      closers.push(() => request.destroy());
      resolve();
    });
    request.on('error', reject);
  });
}

const answer = (message: FromListeners) =>
  new Promise<void>((resolve) => process.send?.(message, () => resolve()));

process.on('message', async ({ open, count, close }: ToListeners) => {
  if (open !== undefined) {
    const all = Array.from({ length: open.listeners }, (_, index) => listen(index, open.url, open.key));
    await Promise.all(all);
    await answer({ opened: true });
  }
  if (count === true) await answer({ least: Math.min(...counts), most: Math.max(...counts) });
  if (close === undefined) return;
  for (const end of closers) end();
  const sent = new Map(close);
  const delays = arrivals.flatMap(([event, at]) => {
    const from = sent.get(event);
    return from === undefined ? [] : [at - from];
  });
  await answer({ delays: delays.sort((a, b) => a - b) });
  process.disconnect();
});
