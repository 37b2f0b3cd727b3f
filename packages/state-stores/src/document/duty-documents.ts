import type { Duties, Duty, DutyClaim, DutyEnd } from '@buildstate/core';
import { mapConcurrently, sorted } from '@buildstate/core/light';
import { ended, givenBack, renewedDuty, taken } from '../lists/hold-duty.ts';
import { dutyOrder } from '../lists/orders.ts';
import { again, untilDecided } from './again.ts';
import { listKeys } from './driver.ts';
import { keys } from './keys.ts';
import type { RecordTools } from './named-records.ts';
import { writeSurely } from './write-surely.ts';

interface DutyDocument {
  readonly duty: Duty;
  /** Makes every text different. */
  readonly write: string;
}

function parse(text: string): Duty {
  return (JSON.parse(text) as DutyDocument).duty;
}

/** Duties, one document each. */
export class DutyDocuments implements Duties {
  readonly #tools: RecordTools;

  constructor(tools: RecordTools) {
    this.#tools = tools;
  }

  takeDuty(claim: DutyClaim): Promise<Duty | undefined> {
    return this.#update(claim.name, (kept, now) => taken(kept, claim, now));
  }

  async renewDuty(name: string, token: number): Promise<boolean> {
    return (await this.#update(name, (kept, now) => renewedDuty(kept, token, now))) !== undefined;
  }

  async endDuty(name: string, token: number, end: DutyEnd): Promise<boolean> {
    return (await this.#update(name, (kept, now) => ended(kept, token, end, now))) !== undefined;
  }

  async releaseDuty(name: string, token: number): Promise<void> {
    await this.#update(name, (kept) => givenBack(kept, token));
  }

  async listDuties(): Promise<readonly Duty[]> {
    const { driver } = this.#tools;
    const found = await mapConcurrently(await listKeys(driver, keys.duties), 16, (key) => driver.get(key));
    const duties = found.flatMap((document) => (document === undefined ? [] : parse(document.text)));
    return sorted(duties, dutyOrder);
  }

  /** Puts what `change` makes of a duty, and answers it; nothing is written when it makes nothing of it. */
  #update(
    name: string,
    change: (kept: Duty | undefined, now: number) => Duty | undefined,
  ): Promise<Duty | undefined> {
    const { driver, clock, nonce } = this.#tools;
    const key = keys.record(keys.duties, name);
    return untilDecided(clock, `The duty ${name}`, async () => {
      const found = await driver.get(key);
      const duty = change(found && parse(found.text), clock.now());
      if (duty === undefined) return undefined;
      const text = JSON.stringify({ duty, write: nonce() } satisfies DutyDocument);
      const isOurs = (stored: string) => stored === text;
      const expected = found?.version ?? null;
      const result = await writeSurely(driver, clock, { key, text, expected, isOurs });
      return result === 'conflict' ? again : duty;
    });
  }
}
