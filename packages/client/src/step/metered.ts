import type { Meter, Surroundings } from './surroundings.ts';

/** Makes a transfer and shows how far it is, where somebody looks. */
export async function metered<Result>(
  { meter: makeMeter }: Pick<Surroundings, 'meter'>,
  what: string,
  transfer: (onProgress: Meter['onProgress'] | undefined) => Promise<Result>,
): Promise<Result> {
  const meter = makeMeter?.(what);
  try {
    return await transfer(meter?.onProgress);
  } finally {
    await meter?.finish();
  }
}
