/** What the first line of an archive calls it. */
export const formatName = 'buildstate-archive';
/** The version of the form. A reader refuses those that it does not know. */
export const formatVersion = 2;
/** Versions that are read. The first one has the names of who acts in their places, and no actors. */
export const readVersions: readonly unknown[] = [1, formatVersion];
