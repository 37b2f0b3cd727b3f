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
 * near paths the one with the most words right.
 */
export function nearestPath(path: string, routes: readonly KnownRoute[]): string | undefined {
  const parts = segmentsOf(path);
  let best: { url: string; right: number } | undefined;
  for (const { url } of routes) {
    const pattern = segmentsOf(url);
    if (pattern.length !== parts.length) continue;
    const fixed = pattern.flatMap((part, index) =>
      part.startsWith(':') ? [] : [[part, parts[index] ?? '']],
    );
    const wanted = fixed.map(([, asked]) => asked).join('/');
    if (nearestNames(wanted, [fixed.map(([word]) => word).join('/')]).length === 0) continue;
    const right = fixed.filter(([word, asked]) => word === asked).length;
    if (best === undefined || right > best.right) best = { url, right };
  }
  return best?.url.replaceAll(/:(\w+)/g, '{$1}');
}
