import type { Environment } from '@buildstate/node-runtime';

/** What the environment says about proxies, in the variables' usual spellings. */
export type ProxySettings = Readonly<Record<string, string>>;

const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

/** The proxy variables that are set, or `undefined` when no proxy is named. */
export function proxySettings(env: Environment): ProxySettings | undefined {
  const set = names
    .flatMap((name) => [name.toLowerCase(), name])
    .flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  return set.some(([name]) => !/^no_/i.test(name)) ? Object.fromEntries(set) : undefined;
}
