import type { Clock, Duties, Duty, DutyClaim, DutyEnd } from '@buildstate/core';
import { sorted } from '@buildstate/core/light';
import { ended, givenBack, renewedDuty, taken } from '../lists/hold-duty.ts';
import { dutyOrder } from '../lists/orders.ts';

/** Duties in this process. Records are never changed in place, so that they need not be copied. */
export class DutyMap implements Duties {
  readonly #clock: Clock;
  readonly #duties = new Map<string, Duty>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async takeDuty(claim: DutyClaim): Promise<Duty | undefined> {
    return this.#put(taken(this.#duties.get(claim.name), claim, this.#clock.now()));
  }

  async renewDuty(name: string, token: number): Promise<boolean> {
    return this.#put(renewedDuty(this.#duties.get(name), token, this.#clock.now())) !== undefined;
  }

  async endDuty(name: string, token: number, end: DutyEnd): Promise<boolean> {
    return this.#put(ended(this.#duties.get(name), token, end, this.#clock.now())) !== undefined;
  }

  async releaseDuty(name: string, token: number): Promise<void> {
    this.#put(givenBack(this.#duties.get(name), token));
  }

  async listDuties(): Promise<readonly Duty[]> {
    return sorted(this.#duties.values(), dutyOrder);
  }

  #put(duty: Duty | undefined): Duty | undefined {
    if (duty !== undefined) this.#duties.set(duty.name, duty);
    return duty;
  }
}
