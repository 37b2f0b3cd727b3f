/** What one workspace package may import, besides itself. Folders under `packages`, and npm package names. */
export interface Boundary {
  /** Workspace packages that any source file may import. */
  readonly imports: readonly string[];
  /**
   * Workspace packages that may only be loaded with `import()`, so that nobody pays for a store or a server
   * that is not used. Types may be imported.
   */
  readonly dynamicImports?: readonly string[];
  /** Workspace packages that only the composition files may import. */
  readonly compositionImports?: readonly string[];
  /** The complete list of npm packages allowed; when absent, whatever the package's manifest declares. */
  readonly npm?: readonly string[];
  /** Whether Node's own modules may be imported. @default true */
  readonly node?: boolean;
}

/** The files of a package in which concrete stores and backends are put together. */
export const compositionFiles = 'src/(main\\.ts|composition/)';

/** Who may import whom. The order is that of the layers: a package imports only from above itself. */
export const boundaries: Readonly<Record<string, Boundary>> = {
  core: { imports: [], npm: ['zod'], node: false },
  'node-runtime': { imports: ['core'] },
  transfer: { imports: ['core', 'node-runtime'] },
  'artifact-backends': { imports: ['core', 'node-runtime', 'transfer'] },
  'state-stores': { imports: ['core', 'node-runtime'] },
  conformance: { imports: ['core', 'transfer'], npm: ['vitest', 'fast-check'] },
  client: {
    imports: ['core', 'node-runtime', 'transfer'],
    dynamicImports: ['state-stores', 'artifact-backends'],
  },
  server: {
    imports: ['core', 'node-runtime', 'transfer'],
    compositionImports: ['state-stores', 'artifact-backends'],
  },
  cli: {
    imports: ['client', 'core', 'node-runtime'],
    dynamicImports: ['server', 'state-stores', 'artifact-backends'],
  },
};
