const required = ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts'];

/**
 * What must not leave the repository: sources, tests, configuration. Declarations are `.d.ts` and may; so may a
 * folder of `dist` that is called `fixtures`, because builders of test records are what one package is for.
 */
const unwanted =
  /(^|\/)(src|test|bench)\/|^fixtures\/|(?<!\.d)\.ts$|(^|\/)tsconfig[^/]*\.json$|\.tsbuildinfo$/;

/**
 * Says what is wrong with the list of files in a tarball.
 *
 * @param paths relative to the package, with forward slashes
 * @returns one sentence for each problem
 */
export function packedFileProblems(paths: readonly string[]): string[] {
  return [
    ...required.filter((path) => !paths.includes(path)).map((path) => `the tarball lacks ${path}`),
    ...paths.filter((path) => unwanted.test(path)).map((path) => `the tarball must not contain ${path}`),
  ];
}
