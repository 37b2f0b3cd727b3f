import { describe } from 'vitest';
import { artifactCareCases } from './artifact-care-cases.ts';
import { batchCases } from './batch-cases.ts';
import { doorBench, type OpenDoor } from './bench.ts';
import { branchCases } from './branch-cases.ts';
import { bulkResumeCases } from './bulk-resume-cases.ts';
import { claimCases } from './claim-cases.ts';
import { conditionCases } from './condition-cases.ts';
import { erasureCases } from './erasure-cases.ts';
import { estimateCases } from './estimate-cases.ts';
import { eventCases } from './event-cases.ts';
import { figureCases } from './figure-cases.ts';
import { inputCases } from './input-cases.ts';
import { keyedCases } from './keyed-cases.ts';
import { leaseCases } from './lease-cases.ts';
import { lineageCases } from './lineage-cases.ts';
import { onceCases } from './once-cases.ts';
import { projectCases } from './project-cases.ts';
import { recordCases } from './record-cases.ts';
import { redactionCases } from './redaction-cases.ts';
import { referenceDataCases } from './reference-data-cases.ts';
import { resumeCases } from './resume-cases.ts';
import { transitionCases } from './transition-cases.ts';
import { variableCases } from './variable-cases.ts';

const groups = {
  transitions: transitionCases,
  'once and for ever': onceCases,
  'requests with a key': keyedCases,
  batches: batchCases,
  conditions: conditionCases,
  leases: leaseCases,
  claims: claimCases,
  branches: branchCases,
  'artifacts and jobs': recordCases,
  'promoting and pinning': artifactCareCases,
  'searching and lineage': lineageCases,
  'events as they happen': eventCases,
  figures: figureCases,
  estimates: estimateCases,
  variables: variableCases,
  resuming: resumeCases,
  'forgetting people': erasureCases,
  'resuming many': bulkResumeCases,
  projects: projectCases,
  'reference data': referenceDataCases,
  'secrets are taken out': redactionCases,
  'bad input': inputCases,
};

/**
 * Registers the tests that every door must pass, whatever stands behind it: the tracker in this process over any
 * store, and a live server over HTTP.
 * @param name what the door is called in reports
 * @param open makes a door with nothing behind it yet; called once per group
 */
export function describeDoor(name: string, open: () => Promise<OpenDoor>): void {
  describe(`${name} as a door to the tracker`, () => {
    for (const [title, cases] of Object.entries(groups))
      describe(title, () => {
        cases(doorBench(open));
      });
  });
}
