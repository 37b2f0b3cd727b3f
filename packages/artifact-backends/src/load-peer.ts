import { ConfigurationError } from '@buildstate/core/light';
import { errorCode } from '@buildstate/node-runtime';

/**
 * Loads an SDK when it is first needed: it takes time to start, and not everybody stores there.
 * @param scheme what needs it, such as `gs://`
 * @param name the npm package
 * @param load imports the package
 * @throws ConfigurationError that names the package to install
 */
export async function loadPeer<Sdk>(scheme: string, name: string, load: () => Promise<Sdk>): Promise<Sdk> {
  try {
    return await load();
  } catch (cause) {
    // With a URL it is a file that is missing, so the SDK is there, but broken.
    const missing =
      errorCode(cause) === 'ERR_MODULE_NOT_FOUND' && !(cause instanceof Error && 'url' in cause);
    if (!missing) throw cause;
    throw new ConfigurationError(`${scheme} needs ${name}. Run: npm install ${name}`, { cause });
  }
}
