import type { ArtifactBackend } from '@buildstate/core';
import { StorageError } from '@buildstate/core/light';
import { decorate } from '../../src/index.ts';
import { MemoryBackend } from '../../src/memory/index.ts';

export const transient = () => new StorageError('Come again.', { persistence: 'transient' });
export const permanent = () => new StorageError('Never.', { persistence: 'permanent' });

/** A memory backend whose next calls fail with the errors in the list, one each; `calls` names all of them. */
export interface FailingBackend {
  readonly backend: ArtifactBackend;
  readonly failures: unknown[];
  readonly calls: string[];
}

export function failingBackend(): FailingBackend {
  const failures: unknown[] = [];
  const calls: string[] = [];
  const inner = new MemoryBackend();
  const backend = decorate(inner, {
    async call({ operation, run }) {
      calls.push(operation);
      if (failures.length > 0) throw failures.shift();
      return await run();
    },
  });
  return { backend, failures, calls };
}
