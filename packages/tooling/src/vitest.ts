import { defineProject, type UserProjectConfigExport } from 'vitest/config';

/** What a package may set beyond the shared test settings. */
export interface PackageTestOptions {
  /** Modules run once around the whole project's tests, for example to start a real server. @default [] */
  readonly globalSetup?: readonly string[];
  /** Milliseconds that one test may take. @default 20000 */
  readonly testTimeout?: number;
}

const conditions = ['@buildstate/source', 'module', 'node', 'development|production'];

/**
 * Test settings of one package: its tests live in `test`, other packages are resolved to their TypeScript
 * sources, and a test that fails once has failed.
 *
 * @param name the project's name as in `vitest run --project <name>`: the folder's name
 */
export function packageTests(name: string, options: PackageTestOptions = {}): UserProjectConfigExport {
  return defineProject({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      include: ['test/**/*.test.ts'],
      environment: 'node',
      pool: 'forks',
      retry: 0,
      testTimeout: options.testTimeout ?? 20_000,
      hookTimeout: 60_000,
      globalSetup: [...(options.globalSetup ?? [])],
    },
  });
}
