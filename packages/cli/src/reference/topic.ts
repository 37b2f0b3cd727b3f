import type { BuildStateClient, ReferenceApis, ReferencesApi } from '@buildstate/client';
import type { Interfaces } from '@oclif/core';

/** The values of a command's flags, by their names. */
export type FlagValues = Readonly<Record<string, string | boolean | undefined>>;

/** All that tells the commands of one kind of reference data from those of another. */
export interface ReferenceTopic {
  /** The first word of its commands. */
  readonly topic: string;
  /** What one entry is called, with its article: `an OS version`. */
  readonly one: string;
  /** What many are called: `OS versions`. */
  readonly many: string;
  /** Where the client has them. */
  readonly api: keyof ReferenceApis;
  /** The name of the entry in examples. */
  readonly example: string;
  /** Flags in the example of how one is added. */
  readonly exampleFlags: string;
  /** The flags that only this kind has. */
  readonly flags: Interfaces.FlagInput;
  /** What those flags say, as the API takes it. @throws NotFoundError for a name of another kind that is not there */
  readonly fields: (
    client: BuildStateClient,
    flags: FlagValues,
  ) => Promise<Readonly<Record<string, unknown>>>;
  /** Titles and fields of what only this kind has, in the order in which they are shown. */
  readonly shown: readonly (readonly [title: string, field: string])[];
}

/** Entries of any kind: all have the same operations, and what only one kind has goes through as it is. */
export function entriesOf(client: BuildStateClient, { api }: ReferenceTopic): ReferencesApi<'platforms'> {
  return client[api] as unknown as ReferencesApi<'platforms'>;
}
