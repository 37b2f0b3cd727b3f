import { ConfigurationError } from '@buildstate/core/light';
import { checkEndpoint, oneOf } from '../uri-parameters.ts';
import type { AzureChecksums, AzureOptions, AzureTier } from './azure-options.ts';

/** What a URI of a place in Azure says. */
export interface AzureLocation {
  readonly account: string;
  readonly container: string;
  /** Keys are below it. Without slashes at its ends; empty for the whole container. */
  readonly prefix: string;
  /** What the URI itself sets. */
  readonly options: AzureOptions;
}

const parameters = ['endpoint', 'checksums', 'tier'];
const form =
  'azure-blob://account/container/prefix or https://account.blob.core.windows.net/container/prefix';
/** Public Azure, and its national clouds. */
const serviceHost = /^([a-z0-9]{3,24})\.blob\.[a-z0-9.-]+$/;

function refuseSecrets(uri: URL): void {
  const shown = `${uri.protocol}//${uri.host}`;
  if (uri.username !== '' || uri.password !== '' || uri.searchParams.has('sig')) {
    throw new ConfigurationError(
      `${shown}: the URI must not hold credentials. Set AZURE_STORAGE_SAS_TOKEN, AZURE_STORAGE_KEY or AZURE_STORAGE_CONNECTION_STRING.`,
    );
  }
  const unknown = [...uri.searchParams.keys()].find((name) => !parameters.includes(name));
  if (unknown === undefined) return;
  throw new ConfigurationError(
    `${shown}: an Azure URI knows ${parameters.join(', ')}, but not "${unknown}".`,
  );
}

/** Account, endpoint and path: the account is in the host name of `https:`, and is the host of `azure-blob:`. */
function accountOf(uri: URL): { readonly account: string; readonly endpoint?: string } {
  if (uri.protocol === 'azure-blob:') return { account: uri.host };
  const [, account] = serviceHost.exec(uri.host) ?? [];
  if (account === undefined) {
    throw new ConfigurationError(`${uri.protocol}//${uri.host} is not a place for artifacts. Write ${form}.`);
  }
  return { account, endpoint: uri.origin };
}

/**
 * Reads `azure-blob://account/container/prefix` and `https://account.blob.core.windows.net/container/prefix`, with
 * `?endpoint=…&checksums=md5|none&tier=Hot|Cool|Cold`.
 * @throws ConfigurationError for other parameters and hosts, and for credentials, which do not belong into a URI
 */
export function parseAzureUri(text: string): AzureLocation {
  const uri = new URL(text);
  refuseSecrets(uri);
  const { account, endpoint } = accountOf(uri);
  const [container = '', ...segments] = uri.pathname.split('/').filter((segment) => segment !== '');
  if (account === '' || container === '') {
    throw new ConfigurationError(`An Azure URI needs an account and a container: ${form}.`);
  }
  const named = uri.searchParams.get('endpoint');
  return {
    account,
    container,
    prefix: segments.map(decodeURIComponent).join('/'),
    options: {
      endpoint: named === null ? endpoint : checkEndpoint(named, 'The "endpoint" of an Azure URI'),
      checksums: oneOf<AzureChecksums>(uri, 'checksums', ['md5', 'none']),
      tier: oneOf<AzureTier>(uri, 'tier', ['Hot', 'Cool', 'Cold']),
    },
  };
}
