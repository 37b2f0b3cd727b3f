import { nearestNames } from '@buildstate/core';

/** A registered route. */
export interface KnownRoute {
  /** Upper case. */
  readonly method: string;
  /** With `:parameters`. */
  readonly url: string;
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  return (
    pattern.length === path.length &&
    pattern.every((part, index) => part.startsWith(':') || part === path[index])
  );
}

/** Methods that a path knows, in the order of their registration; none for an unknown path. */
export function methodsOf(path: string, routes: readonly KnownRoute[]): string[] {
  const parts = segmentsOf(path);
  const methods = routes.filter(({ url }) => fits(segmentsOf(url), parts)).map(({ method }) => method);
  return [...new Set(methods)];
}

/**
 * The known path that a caller probably meant. Only fixed words are compared, parameters may be anything; of several
 * near paths the one with the most words right, and of these the nearest.
 */
export function nearestPath(path: string, routes: readonly KnownRoute[]): string | undefined {
  const parts = segmentsOf(path);
  const near = routes.flatMap(({ url }) => {
    const pattern = segmentsOf(url);
    if (pattern.length !== parts.length) return [];
    const fixed = pattern.flatMap((part, index) =>
      part.startsWith(':') ? [] : [[part, parts[index] ?? '']],
    );
    const wanted = fixed.map(([, asked]) => asked).join('/');
    const known = fixed.map(([word]) => word).join('/');
    if (nearestNames(wanted, [known]).length === 0) return [];
    return [{ url, wanted, known, right: fixed.filter(([word, asked]) => word === asked).length }];
  });
  const most = Math.max(0, ...near.map(({ right }) => right));
  const best = near.filter(({ right }) => right === most);
  const [first] = best;
  if (first === undefined) return undefined;
  const [nearest] = nearestNames(
    first.wanted,
    best.map(({ known }) => known),
  );
  const meant = best.find(({ known }) => known === nearest) ?? first;
  return meant.url.replaceAll(/:(\w+)/g, '{$1}');
}
