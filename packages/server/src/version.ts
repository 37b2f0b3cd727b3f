import manifest from '@buildstate/server/package.json' with { type: 'json' };

/** The version of this package. */
export const serverVersion: string = manifest.version;
