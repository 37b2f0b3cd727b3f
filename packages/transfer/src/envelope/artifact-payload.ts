import type { JsonObject } from '@buildstate/core';

/** What a signed envelope says about an artifact. Named as in the API, because it is stored as it is. */
export interface ArtifactPayload {
  /** SHA-256 of the stored bytes, 64 lower-case hexadecimal characters. */
  readonly sha256: string;
  /** Size of the stored bytes. */
  readonly size_bytes: number;
  /** When this was signed, ISO 8601 with zone. */
  readonly created_at: string;
  /** From when on the artifact must not be used any more, ISO 8601 with zone. Missing or null: never. */
  readonly expires_at?: string | null;
  readonly artifact_id?: string;
  readonly build_id?: string;
  readonly state_code?: number;
  readonly attempt?: number;
  readonly name?: string;
  readonly content_type?: string;
  /** Who wrote the artifact. */
  readonly writer?: string;
  /** Whatever else the writer wanted to be covered by the signature. */
  readonly metadata?: JsonObject;
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
/** With a zone: a time without one means another moment on every machine. */
const isTime: Check = (value) =>
  typeof value === 'string' && /(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));

function optional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

const fields: { readonly [Field in keyof Required<ArtifactPayload>]: Check } = {
  sha256: (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
  size_bytes: isCount,
  created_at: isTime,
  expires_at: optional((value) => value === null || isTime(value)),
  artifact_id: optional(isText),
  build_id: optional(isText),
  state_code: optional(isCount),
  attempt: optional(isCount),
  name: optional(isText),
  content_type: optional(isText),
  writer: optional(isText),
  metadata: optional((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
};

/** The names of fields that are missing, wrong or unknown; none when the value is a payload. */
export function payloadProblems(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['payload'];
  const record = value as Readonly<Record<string, unknown>>;
  const wrong = Object.entries(fields).flatMap(([name, check]) => (check(record[name]) ? [] : [name]));
  const unknown = Object.keys(record).filter((name) => !Object.hasOwn(fields, name));
  return [...wrong, ...unknown];
}
