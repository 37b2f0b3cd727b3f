import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult, type IModule } from 'dependency-cruiser';
import { readManifest } from '../manifest.ts';
import { boundaryRules } from './rules.ts';
import { boundaries } from './table.ts';

/** One import that the rules do not allow, or one module that is part of a cycle. */
export interface BoundaryViolation {
  /** The rule's name, for example `core-pure`. */
  readonly rule: string;
  /** The importing file, relative to the checked root. */
  readonly from: string;
  /** The imported file or module; for a cycle the whole way back to `from`. */
  readonly to: string;
}

const workspaceName = /^(@buildstate\/[^/]+|bldst)(\/|$)/;

/**
 * A workspace package that is imported but not declared would be bundled into the importer instead of being
 * a dependency of it, which no type check notices.
 */
function undeclaredWorkspaceImports(root: string, modules: readonly IModule[]): BoundaryViolation[] {
  return modules.flatMap(({ source, dependencies }) => {
    const folder = /^(?:packages|integrations)\/[^/]+(?=\/src\/)/.exec(source)?.[0];
    if (folder === undefined || folder === 'packages/tooling') return [];
    const manifest = readManifest(join(root, folder));
    const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
    return dependencies
      .map((dependency) => workspaceName.exec(dependency.module)?.[1])
      .filter((name) => name !== undefined && name !== manifest.name && declared[name] === undefined)
      .map((name) => ({ rule: 'no-undeclared-workspace', from: source, to: String(name) }));
  });
}

/**
 * Follows every import below `root`'s workspaces and reports what the boundary table does not allow.
 *
 * @param root the folder that holds `packages`
 */
export async function checkBoundaries(root: string): Promise<BoundaryViolation[]> {
  const places = globSync('{packages,integrations,examples}/*/{src,test,bench}', { cwd: root }).sort();
  const rules = boundaryRules(boundaries).filter((rule) => rule !== undefined);
  const { output } = await cruise(
    places.filter((place) => existsSync(join(root, place))),
    {
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: rules },
      tsPreCompilationDeps: 'specify',
      combinedDependencies: false,
      doNotFollow: { path: 'node_modules|/dist/' },
      enhancedResolveOptions: {
        exportsFields: ['exports'],
        conditionNames: ['@buildstate/source', 'types', 'import', 'node', 'default'],
        extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
      },
    },
  );
  const { modules, summary } = output as ICruiseResult;
  return [
    ...summary.violations.map(({ rule, from, to, cycle }) => ({
      rule: rule.name,
      from,
      to: cycle?.map(({ name }) => name).join(' → ') ?? to,
    })),
    ...undeclaredWorkspaceImports(root, modules),
  ];
}
