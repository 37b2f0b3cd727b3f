import type { Project, Reference, ReferenceKind, Timestamp } from '@buildstate/core';
import { isAsExpected } from '../lists/expected-entry.ts';
import { again, untilDecided } from './again.ts';
import { keys } from './keys.ts';
import { NamedRecords, type RecordTools } from './named-records.ts';

/** Where projects are kept. */
export function projectRecords(tools: RecordTools): NamedRecords<Project> {
  return new NamedRecords(tools, { records: keys.projects, names: keys.projectNames });
}

/** Where reference data of a kind is kept. */
export function referenceRecords(tools: RecordTools, kind: ReferenceKind): NamedRecords<Reference> {
  return new NamedRecords(tools, { records: keys.references(kind), names: keys.referenceNames(kind) });
}

/** Writes a project if its stored revision is `expected`; 0: if neither its id nor its name is taken. */
export async function saveProject(
  projects: NamedRecords<Project>,
  project: Project,
  expected: number,
): Promise<boolean> {
  const before = await projects.read(project.id);
  if ((before?.record.revision ?? 0) !== expected) return false;
  const result = await projects.write(project, before);
  return result !== 'conflict' && !('takenBy' in result);
}

/** Adds or replaces an entry of reference data; see `StateStore.saveReference`. */
export function saveReference(
  { clock }: RecordTools,
  references: NamedRecords<Reference>,
  reference: Reference,
  expected?: Timestamp | null,
): Promise<boolean> {
  return untilDecided(clock, `${reference.name} (${reference.id})`, async () => {
    const before = await references.read(reference.id);
    if (!isAsExpected(before?.record, expected)) return false;
    const result = await references.write(reference, before);
    if (result === 'conflict') return again;
    if (!('takenBy' in result)) return true;
    // The entry itself came to hold the name by somebody else's write: write over that one.
    return result.takenBy === reference.id ? again : false;
  });
}
