import type { BuildEvent } from '@buildstate/core';
import { expect } from 'vitest';

/** Expects events without a gap, each of which names the one before it. */
export function expectUnbroken(events: readonly BuildEvent[]): void {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const named = events.slice(1).map(({ prevHash }) => prevHash);
  expect(named).toEqual(events.slice(0, -1).map(({ hash }) => hash));
}
