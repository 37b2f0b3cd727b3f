import type { ArtifactBackend, Clock, Logger } from '@buildstate/core';
import type { Environment } from '@buildstate/node-runtime';

/** Opens places of artifact bytes. */
export interface OpenPlaces {
  /** The backend of a URI, opened once. @throws ConfigurationError, StorageError */
  open(base: string): Promise<ArtifactBackend>;
  /** The same backend with deadlines and repeats around it. */
  guarded(backend: ArtifactBackend): Promise<ArtifactBackend>;
  /** Frees what was opened. */
  close(): Promise<void>;
}

/** What opening takes. */
export interface OpenPlacesParts {
  /** Variables that configure stores: `BLDST_S3_…`, `AWS_…`, `AZURE_STORAGE_…`, `GOOGLE_…`. */
  readonly env: Environment;
  /** Measures time. */
  readonly clock: Clock;
  /** Told about repeats and leftovers. */
  readonly logger: Logger;
}

/** Backends are loaded and opened when they are first needed, and shared until the client is closed. */
export function openPlaces({ env, clock, logger }: OpenPlacesParts): OpenPlaces {
  const opened = new Map<string, Promise<ArtifactBackend>>();
  async function open(base: string): Promise<ArtifactBackend> {
    const { backendOptionsFromEnvironment, openBackend } = await import('@buildstate/artifact-backends');
    return openBackend(base, { ...backendOptionsFromEnvironment(base, env), clock, logger });
  }
  return {
    open(base) {
      const known = opened.get(base);
      if (known !== undefined) return known;
      const opening = open(base);
      opened.set(base, opening);
      // A place that could not be opened may be there the next time.
      opening.catch(() => opened.delete(base));
      return opening;
    },
    async guarded(backend) {
      const { withDeadline, withRetry } = await import('@buildstate/artifact-backends');
      return withRetry(withDeadline(backend, { clock }), { clock, logger });
    },
    async close() {
      const settled = await Promise.allSettled(opened.values());
      opened.clear();
      await Promise.all(settled.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
    },
  };
}
