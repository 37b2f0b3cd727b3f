import type { CiJob } from './ci-job.ts';

/** Reads a variable of the environment; empty ones count as missing. */
export type ReadVariable = (name: string) => string | undefined;

/** How one CI system is recognised and what its environment says. One file each; `systems.ts` lists them. */
export interface CiSystem {
  /** The word recorded as a job's `platform`. */
  readonly platform: string;
  /** Whether this process runs in a job of the system. */
  readonly detect: (read: ReadVariable) => boolean;
  /** What the environment says about the job. */
  readonly describe: (read: ReadVariable) => Omit<CiJob, 'platform'>;
}

/**
 * Joins the parts of a default build number with hyphens, each made of letters, digits, dots, underscores and
 * hyphens: a slash would name a branch of a build, a colon its project. Nothing when a part is missing.
 */
export function buildNumberOf(...parts: readonly (string | undefined)[]): string | undefined {
  const clean = parts.map((part) => part?.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^-+|-+$/g, ''));
  if (clean.some((part) => part === undefined || part === '')) return undefined;
  // The run's id, last, is what makes it unique: it is never cut.
  const last = clean.at(-1) ?? '';
  return `${clean
    .slice(0, -1)
    .join('-')
    .slice(0, 199 - last.length)}-${last}`;
}

/** A URL from a base and path segments, or nothing when one of them is missing. */
export function urlOf(
  base: string | undefined,
  ...segments: readonly (string | undefined)[]
): string | undefined {
  if (base === undefined || segments.some((segment) => segment === undefined)) return undefined;
  const path = segments.map((segment) => encodeURIComponent(String(segment)).replaceAll('%2F', '/'));
  return [base.replace(/\/+$/, ''), ...path].join('/');
}
