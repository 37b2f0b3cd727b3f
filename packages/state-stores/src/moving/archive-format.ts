/** What the first line of an archive calls it. */
export const formatName = 'buildstate-archive';
/** The version of the form. A reader refuses those that it does not know. */
export const formatVersion = 1;
