import type { Clock } from '@buildstate/core';
import { ConfigurationError } from '@buildstate/core/light';
import { checkConditions } from './check-conditions.ts';
import type { DocumentDriver } from './driver.ts';
import { keys } from './keys.ts';
import { writeSurely } from './write-surely.ts';

/** The layout that this version reads and writes. */
export const placeFormat = 1;
const format = placeFormat;

/** What a place is opened with. */
export interface PlaceTools {
  readonly driver: DocumentDriver;
  readonly clock: Clock;
  readonly nonce: () => string;
}

/**
 * Makes a place ready and checks that it can be used.
 * @throws ConfigurationError when it ignores conditions, or a newer BuildState has written to it
 * @throws UnavailableError when it cannot be reached
 */
export async function openPlace({ driver, clock, nonce }: PlaceTools): Promise<void> {
  await driver.probe();
  if (!driver.traits.ownConditions) await checkConditions(driver, `probes/${nonce()}`);
  const text = JSON.stringify({ format });
  const found = await driver.get(keys.format);
  if (found === undefined) {
    await writeSurely(driver, clock, {
      key: keys.format,
      text,
      expected: null,
      isOurs: (stored) => stored === text,
    });
    return;
  }
  const stored = (JSON.parse(found.text) as { readonly format: number }).format;
  if (stored === format) return;
  throw new ConfigurationError(
    `${driver.uri} has layout ${stored}, and this version of BuildState knows layout ${format}. Update BuildState.`,
  );
}
