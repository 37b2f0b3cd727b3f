import { loadPeer } from '../load-peer.ts';
import type { ResolvedGcsOptions } from './gcs-options.ts';

/** Makes the headers that show who asks, before every request: tokens end while uploads run. */
export type Authorize = () => Promise<Readonly<Record<string, string>>>;

const scopes = ['https://www.googleapis.com/auth/devstorage.read_write'];

type AuthSdk = Pick<typeof import('google-auth-library'), 'GoogleAuth'>;

/**
 * Google's default chain: `GOOGLE_APPLICATION_CREDENTIALS`, gcloud's application default, workload identity, the
 * machine's own account. It keeps a token until shortly before its end.
 * @throws ConfigurationError that names the package to install
 */
export async function defaultAuthorize(
  load: () => Promise<AuthSdk> = () => import('google-auth-library'),
): Promise<Authorize> {
  const { GoogleAuth } = await loadPeer('gs://', 'google-auth-library', load);
  const auth = new GoogleAuth({ scopes });
  return async () => Object.fromEntries(await auth.getRequestHeaders());
}

/** How requests are authorized. @throws ConfigurationError */
export async function authorizeWith({ token }: ResolvedGcsOptions): Promise<Authorize> {
  if (token === undefined) return await defaultAuthorize();
  if (token === 'none') return async () => ({});
  return async () => ({ authorization: `Bearer ${typeof token === 'string' ? token : await token()}` });
}
