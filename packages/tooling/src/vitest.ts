import { fileURLToPath } from 'node:url';
import { defineProject, type UserProjectConfigExport } from 'vitest/config';
import { missingCephPrograms } from './ceph/availability.ts';
import { isContinuousIntegration } from './continuous-integration.ts';
import { postgresPrograms } from './postgres/availability.ts';

/** What a package may set beyond the shared test settings. */
export interface PackageTestOptions {
  /**
   * Whether the package has tests against a real S3 server, in files named `*.ceph.test.ts`. Where Ceph is not
   * installed they are left out with a printed note; in CI that fails the run.
   *
   * @default false
   */
  readonly ceph?: boolean;
  /**
   * Whether the package has tests on a real PostgreSQL, in files named `*.postgres.test.ts`. Where it is not installed
   * they are left out with a printed note; in CI that fails the run.
   *
   * @default false
   */
  readonly postgres?: boolean;
  /** Modules run once around the whole project's tests, for example to start a real server. @default [] */
  readonly globalSetup?: readonly string[];
  /** Milliseconds that one test may take. @default 20000 */
  readonly testTimeout?: number;
}

/** Without `module`: builds under that condition are for bundlers alone, and Node cannot load all of them. */
const conditions = ['@buildstate/source', 'node', 'development|production'];
const cephFiles = 'test/**/*.ceph.test.ts';
const cephSetup = fileURLToPath(new URL('./ceph/setup.ts', import.meta.url));
const postgresFiles = 'test/**/*.postgres.test.ts';
const postgresSetup = fileURLToPath(new URL('./postgres/setup.ts', import.meta.url));

/** The files of tests whose server this machine lacks. In CI they run all the same, and fail. */
function leftOut({ ceph, postgres }: Required<Pick<PackageTestOptions, 'ceph' | 'postgres'>>): string[] {
  if (isContinuousIntegration()) return [];
  return [
    ...(ceph && missingCephPrograms().length > 0 ? [cephFiles] : []),
    ...(postgres && postgresPrograms() === undefined ? [postgresFiles] : []),
  ];
}

/**
 * Test settings of one package: its tests live in `test`, other packages are resolved to their TypeScript
 * sources, and a test that fails once has failed.
 *
 * @param name the project's name as in `vitest run --project <name>`: the folder's name
 */
export function packageTests(name: string, options: PackageTestOptions = {}): UserProjectConfigExport {
  const { ceph = false, postgres = false, globalSetup = [], testTimeout = 20_000 } = options;
  return defineProject({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      include: ['test/**/*.test.ts'],
      exclude: leftOut({ ceph, postgres }),
      environment: 'node',
      pool: 'forks',
      retry: 0,
      testTimeout,
      hookTimeout: 60_000,
      globalSetup: [...(ceph ? [cephSetup] : []), ...(postgres ? [postgresSetup] : []), ...globalSetup],
    },
  });
}
