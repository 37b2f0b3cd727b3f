import type { JsonObject, Timestamp } from '@buildstate/core';

/** One line of a build's history, as another program kept it. */
export interface LegacyEntry {
  /** The state, by its code or name. */
  readonly state: string | number;
  /** How it went, in that program's word. */
  readonly status: string | null;
  /** When it was written down. */
  readonly at: Timestamp | null;
  /** When the state began. */
  readonly startTime: Timestamp | null;
  /** When it ended. */
  readonly endTime: Timestamp | null;
  /** What there was to say. */
  readonly message: string | null;
  /** What went wrong. */
  readonly errorMessage: string | null;
  /** Who reported it. */
  readonly reportedBy: string | null;
  /** What it stored, where that was kept. */
  readonly artifact: {
    readonly type: string;
    readonly path: string;
    readonly size: number | null;
    readonly checksum: string | null;
  } | null;
  /** Everything else that was kept of it. */
  readonly rest: JsonObject;
}

/** A build, as another program kept it. */
export interface LegacyBuild {
  /** Where it was found, for messages: file and record. */
  readonly where: string;
  /** Its id there. */
  readonly id: string;
  /** Its number there. */
  readonly buildNumber: string | null;
  /** Its project. */
  readonly project: string | null;
  /** What it was for. */
  readonly platform: string | null;
  readonly cloudProvider: string | null;
  readonly imageType: string | null;
  readonly description: string | null;
  readonly createdBy: string | null;
  /** Where it stood. */
  readonly currentState: string | number | null;
  /** How it was, in that program's word. */
  readonly status: string | null;
  /** What went wrong last. */
  readonly errorMessage: string | null;
  readonly createdAt: Timestamp | null;
  readonly updatedAt: Timestamp | null;
  /** Oldest first. */
  readonly history: readonly LegacyEntry[];
  /** Everything else that was kept of it. */
  readonly rest: JsonObject;
}

/** The forms of data that can be brought in. */
export const legacyFormats = ['legacy-sqlite', 'state-json', 'legacy-postgres'] as const;
/** A form of data that can be brought in. */
export type LegacyFormat = (typeof legacyFormats)[number];
