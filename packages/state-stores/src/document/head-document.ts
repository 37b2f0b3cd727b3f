import { hash } from 'node:crypto';
import type { BuildHead, JsonValue } from '@buildstate/core';
import { ConfigurationError } from '@buildstate/core/light';
import type { LogEntry, Segment } from './log-entry.ts';

/** The parts of a head that may live in documents of their own: those whose size is the user's doing. */
export const partNames = ['metadata', 'openAttempt', 'states'] as const;
/** A part of a head that may live in a document of its own. */
export type PartName = (typeof partNames)[number];

/** Where a large part of a head is. */
export interface PartReference {
  /** Name of the document. */
  readonly at: string;
  /** SHA-256 of its text, so that the next change sees whether it can keep the reference. */
  readonly hash: string;
}

/** Which parts of a head are elsewhere. */
export type PartReferences = Readonly<Partial<Record<PartName, PartReference>>>;

/** The document of a build that every change compares and sets. */
export interface HeadDocument {
  /** The layout of this document. */
  readonly format: 1;
  /** Different in every text of this document, so that no two have the same ETag. */
  readonly write: string;
  /** The head; parts that are elsewhere are empty in it. */
  readonly head: BuildHead;
  /** Parts that are elsewhere. */
  readonly parts: PartReferences;
  /** Older entries, oldest first, levels descending. */
  readonly segments: readonly Segment[];
  /** The newest entries, oldest first; never empty. */
  readonly tail: readonly LogEntry[];
}

/**
 * Reads the text of a head.
 * @throws ConfigurationError when a newer BuildState wrote it
 */
export function parseHead(text: string): HeadDocument {
  const document = JSON.parse(text) as HeadDocument;
  if (document.format === 1) return withHistory(document);
  throw new ConfigurationError(
    `The build's record has layout ${String(document.format)}, which this version of BuildState does not know. ` +
      'Update BuildState.',
  );
}

/** Builds that were last changed before histories were let go of have all of theirs. */
function withHistory(document: HeadDocument): HeadDocument {
  const { build } = document.head;
  if (build.history !== undefined) return document;
  return { ...document, head: { ...document.head, build: { ...build, history: 'full' } } };
}

/** SHA-256 of a part's text. */
export function partHash(text: string): string {
  return hash('sha256', text, 'hex');
}

/** A part of a head. */
export function partOf(head: BuildHead, name: PartName): JsonValue {
  const part: unknown = name === 'metadata' ? head.build.metadata : head[name];
  return part as JsonValue;
}

/** A head with some of its parts replaced. */
export function withParts(head: BuildHead, parts: Readonly<Partial<Record<PartName, unknown>>>): BuildHead {
  const { metadata = head.build.metadata, openAttempt = head.openAttempt, states = head.states } = parts;
  return { ...head, build: { ...head.build, metadata }, openAttempt, states } as BuildHead;
}

/** What stands in a head for a part that is elsewhere. */
export const emptyParts: Readonly<Record<PartName, JsonValue>> = {
  metadata: {},
  openAttempt: null,
  states: {},
};
