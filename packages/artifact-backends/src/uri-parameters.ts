import { ConfigurationError } from '@buildstate/core/light';

/** A query parameter that must be one of some words; `undefined` when it is not there. @throws ConfigurationError */
export function oneOf<Value extends string>(
  uri: URL,
  name: string,
  allowed: readonly Value[],
): Value | undefined {
  const value = uri.searchParams.get(name);
  if (value === null) return undefined;
  const found = allowed.find((word) => word === value);
  if (found !== undefined) return found;
  throw new ConfigurationError(`${uri.protocol}//${uri.host}: "${name}" must be ${allowed.join(' or ')}.`);
}

/** Checks an endpoint's URL. @throws ConfigurationError that names where it was set */
export function checkEndpoint(text: string, name: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const ok = url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.username === '';
  if (ok) return text;
  throw new ConfigurationError(`${name} must be an http:// or https:// URL without user name and password.`);
}

/** The fields that are set: a missing value must not hide one that is there. */
export function defined<Value extends object>(value: Value): Partial<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as Partial<Value>;
}
