import type { StoreHint } from '@buildstate/core';

/** The channel of the tables in a schema. Several stores may share a database. */
export function channelOf(schema: string): string {
  return `buildstate:${schema}`;
}

/** Builds with their versions, and keys, that changed. */
interface Payload {
  readonly b: readonly (readonly [id: string, version: number])[];
  readonly t: readonly string[];
}

/** Hints in a notification; PostgreSQL takes 8,000 bytes. */
const mostInOne = 100;

/** Texts that carry hints. */
export function payloadsOf(hints: readonly StoreHint[]): readonly string[] {
  const payloads: string[] = [];
  for (let start = 0; start < hints.length; start += mostInOne) {
    const some = hints.slice(start, start + mostInOne);
    const payload: Payload = {
      b: some.flatMap((hint) => (hint.kind === 'build' ? [[hint.buildId, hint.version] as const] : [])),
      t: some.flatMap((hint) => (hint.kind === 'token' ? [hint.tokenId] : [])),
    };
    payloads.push(JSON.stringify(payload));
  }
  return payloads;
}

/** The hints in a text. One that cannot be read, because a newer instance sent it, means that anything may have changed. */
export function hintsOf(payload: string): readonly StoreHint[] {
  try {
    const { b, t } = JSON.parse(payload) as Payload;
    return [
      ...b.map(([buildId, version]): StoreHint => ({ kind: 'build', buildId, version })),
      ...t.map((tokenId): StoreHint => ({ kind: 'token', tokenId })),
    ];
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return [{ kind: 'missed' }];
    throw error;
  }
}
