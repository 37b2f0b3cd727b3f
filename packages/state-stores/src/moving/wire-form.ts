import type { JsonValue, WholeBuild } from '@buildstate/core';
import { canonicalJson, fromWire, toWire } from '@buildstate/core/light';
import type { StoreRecord } from './record.ts';

/** The lists of a build, by the names that they have in an archive. */
const lists = {
  attempts: 'attempts',
  artifacts: 'artifacts',
  variables: 'variables',
  variable_history: 'variableHistory',
  resume_requests: 'resumeRequests',
  jobs: 'jobs',
  events: 'events',
} as const satisfies Record<string, keyof WholeBuild>;

function buildOut(build: WholeBuild): unknown {
  // Answers are kept as they were given, in snake case already; what users put into them is never renamed.
  const reports = build.reports.map(({ eventId, answer }) => ({ event_id: eventId, answer }));
  const rows = Object.entries(lists).map(([name, list]) => [name, build[list].map((row) => toWire(row))]);
  return { head: toWire(build.head), ...Object.fromEntries(rows), reports };
}

type WireBuild = Readonly<Record<string, readonly unknown[]>> & {
  readonly head: unknown;
  readonly reports: readonly { readonly event_id: string; readonly answer: JsonValue }[];
};

function buildIn(wire: WireBuild): WholeBuild {
  const rows = Object.entries(lists).map(([name, list]) => [list, wire[name]?.map((row) => fromWire(row))]);
  return {
    head: fromWire(wire.head),
    ...Object.fromEntries(rows),
    reports: wire.reports.map(({ event_id: eventId, answer }) => ({ eventId, answer })),
  };
}

function wireOf(record: StoreRecord): unknown {
  const { type } = record;
  switch (record.type) {
    case 'build':
      return { type, build: buildOut(record.build) };
    case 'reference':
      return { type, kind: record.kind, reference: toWire(record.reference) };
    case 'token':
      return { type, token: toWire(record.token) };
    case 'actor':
      return { type, actor: toWire(record.actor) };
    case 'project':
      return { type, project: toWire(record.project) };
  }
}

/**
 * The one text of a record: JSON with sorted keys and the names of the API. The same record has the same text whatever
 * store it comes from.
 */
export function textOf(record: StoreRecord): string {
  return canonicalJson(wireOf(record) as JsonValue);
}

/** The same but for when a key was last used, which goes on changing and tells nothing else. */
export function comparableText(record: StoreRecord): string {
  if (record.type !== 'token') return textOf(record);
  return textOf({ type: 'token', token: { ...record.token, lastUsedAt: null } });
}

/** The record of parsed JSON whose form was checked; see `checkForm`. */
export function recordFrom(wire: Readonly<Record<string, unknown>>): StoreRecord {
  if (wire.type === 'build') return { type: 'build', build: buildIn(wire.build as WireBuild) };
  return fromWire(wire);
}
