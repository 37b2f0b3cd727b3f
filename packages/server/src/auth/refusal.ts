/** Why a key or token is not good, as the end of a sentence that begins with "The API key" or "The access token". */
export type Refusal =
  | 'belongs to nobody here'
  | 'has been revoked'
  | 'has expired'
  | 'is not in the form bldst_<id>_<secret>'
  | 'is not known'
  | 'is not one that this server made';
