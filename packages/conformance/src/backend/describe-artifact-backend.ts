import { describe } from 'vitest';
import { type BackendPlace, type BackendTraits, backendBench } from './bench.ts';
import { listCases } from './cases/list-cases.ts';
import { probeCases } from './cases/probe-cases.ts';
import { putCases } from './cases/put-cases.ts';
import { readCases } from './cases/read-cases.ts';
import { safetyCases } from './cases/safety-cases.ts';
import { statCases } from './cases/stat-cases.ts';
import { uploadCases } from './cases/upload-cases.ts';
import { uploadLifeCases } from './cases/upload-life-cases.ts';

const groups = {
  stat: statCases,
  read: readCases,
  put: putCases,
  'uploads in parts': uploadCases,
  'the life of uploads': uploadLifeCases,
  'list and delete': listCases,
  'bad names and aborted calls': safetyCases,
  probe: probeCases,
};

/**
 * Registers the tests that every `ArtifactBackend` must pass.
 * @param name what the backend is called in reports
 * @param open makes an empty place; called once per test, which closes the backend and removes the place
 * @param traits what the backend declares where backends may differ
 */
export function describeArtifactBackend(
  name: string,
  open: () => Promise<BackendPlace>,
  traits: BackendTraits,
): void {
  // Some cases make hundreds of requests, and the server may share a slow machine with other tests.
  describe(`${name} as an ArtifactBackend`, { timeout: 120_000 }, () => {
    for (const [title, cases] of Object.entries(groups))
      describe(title, () => {
        cases(backendBench(open, traits));
      });
  });
}
