import { hash } from 'node:crypto';
import type { ReferenceKind } from '@buildstate/core';

/*
 * The layout of a place:
 *
 * format                          which layout this is
 * heads/{build}                   the head of a build, compared and set by every change
 * builds/{build}/segments/{name}  older log entries, or an index of older segments; never changed
 * builds/{build}/entries/{name}   the rows of one large log entry; never changed
 * builds/{build}/parts/{name}     a large part of the head; never changed
 * builds/{build}/reports/{hash}   the answer to a report whose entry left the head; never changed
 * numbers/{project}/{hash}        which build has a number
 * resume-requests/{id}            which build a request belongs to
 * projects/{id}                   a project           project-names/{hash}            which project has a name
 * references/{kind}/{id}          reference data      reference-names/{kind}/{hash}   which entry has a name
 * tokens/{id}                     an API key
 * actors/{id}                     who acts            actor-names/{hash}/{id}         that an actor may have a name
 * erased-actors/{id}              who acts, without a name any more
 * duties/{name}                   work in the background that one process at a time does
 * requests/{id}                   a request with a key of its caller's, removed when it has expired
 *
 * Heads have a prefix of their own, so that a list of builds does not walk through their segments.
 */

/** One part of a key. Other characters than letters, digits, `_` and `-` become `~` and their bytes in hexadecimal. */
export function keyPart(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `~${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

/** The text that a key's last part was made from. */
export function idOfKey(key: string): string {
  const part = key.slice(key.lastIndexOf('/') + 1);
  return part.replaceAll(/(?:~[0-9a-f]{2})+/g, (bytes) =>
    Buffer.from(bytes.replaceAll('~', ''), 'hex').toString('utf8'),
  );
}

/** A part for texts of any length. */
function hashed(text: string): string {
  return hash('sha256', text, 'hex');
}

/** Where everything is kept. */
export const keys = {
  format: 'format',
  heads: 'heads/',
  head: (buildId: string) => `heads/${keyPart(buildId)}`,
  segments: (buildId: string) => `builds/${keyPart(buildId)}/segments/`,
  entries: (buildId: string) => `builds/${keyPart(buildId)}/entries/`,
  parts: (buildId: string) => `builds/${keyPart(buildId)}/parts/`,
  report: (buildId: string, eventId: string) => `builds/${keyPart(buildId)}/reports/${hashed(eventId)}`,
  number: (projectId: string, buildNumber: string) => `numbers/${keyPart(projectId)}/${hashed(buildNumber)}`,
  resumeRequest: (id: string) => `resume-requests/${keyPart(id)}`,
  projects: 'projects/',
  projectNames: 'project-names/',
  references: (kind: ReferenceKind) => `references/${keyPart(kind)}/`,
  referenceNames: (kind: ReferenceKind) => `reference-names/${keyPart(kind)}/`,
  tokens: 'tokens/',
  actors: 'actors/',
  erasedActors: 'erased-actors/',
  /** What leads from a name to the actors that may have it. */
  actorNames: (name: string) => `actor-names/${hashed(name)}/`,
  requests: 'requests/',
  duties: 'duties/',
  /** The document of a record under a prefix. */
  record: (prefix: string, id: string) => `${prefix}${keyPart(id)}`,
  /** The document of a name under a prefix. */
  name: (prefix: string, name: string) => `${prefix}${hashed(name)}`,
} as const;
