import { UnavailableError } from '@buildstate/core';

/** A call that a faulty driver is about to make. */
export interface DriverCall {
  /** Name of the method. */
  readonly method: string;
  /** The first argument, where it is a text. */
  readonly key: string;
  /** 1, 2, … over all watched methods. */
  readonly number: number;
}

/**
 * What becomes of a call. `fail`: it is not made, and fails. `drop-reply`: it is made, and fails all the same.
 * `late`: it fails at once, and is made a moment later. `crash`: it is not made, and neither is any call after
 * it, as if the process had died.
 */
export type Fault = 'none' | 'fail' | 'drop-reply' | 'late' | 'crash';

/** Decides what becomes of a call. */
export type FaultPlan = (call: DriverCall) => Fault;

/** Milliseconds after which a `late` call is made. */
const lateness = 15;

/**
 * A driver that fails by plan. Works for every object whose methods answer promises.
 * @param watched the methods that fail; others are passed on, except after a crash
 */
export function faultyDriver<Driver extends object>(
  driver: Driver,
  watched: readonly (keyof Driver & string)[],
  plan: FaultPlan,
): Driver {
  let number = 0;
  let crashed = false;

  const call = async (method: string, work: () => Promise<unknown>, key: unknown): Promise<unknown> => {
    const named = typeof key === 'string' ? key : '';
    if (crashed) throw injected('crash', method, named);
    if (!watched.some((name) => name === method)) return work();
    number += 1;
    const fault = plan({ method, key: named, number });
    if (fault === 'none') return work();
    if (fault === 'crash') crashed = true;
    if (fault === 'drop-reply') await work();
    if (fault === 'late') setTimeout(() => void work(), lateness);
    throw injected(fault, method, named);
  };

  return new Proxy(driver, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== 'function' || typeof property !== 'string') return member;
      return (...args: unknown[]) => call(property, async () => Reflect.apply(member, target, args), args[0]);
    },
  });
}

function injected(fault: Fault, method: string, key: string): UnavailableError {
  return new UnavailableError(`Injected fault: ${fault} of ${method} ${key}.`, { context: { fault } });
}

/** The same fault for every k-th call. */
export function everyNth(k: number, fault: Fault): FaultPlan {
  return ({ number }) => (number % k === 0 ? fault : 'none');
}

/** One fault, for the n-th call. */
export function onlyNth(n: number, fault: Fault): FaultPlan {
  return ({ number }) => (number === n ? fault : 'none');
}
