import { markdownTable, paragraphs, type ReferencePage } from '@buildstate/tooling/reference';

type Meanings = Readonly<Record<string, string>>;

const where: Meanings = {
  BLDST_TRACKER: 'URL of the server or store to use. `--tracker` comes before it.',
  BLDST_API_URL: 'The same, for older scripts; `BLDST_TRACKER` comes before it.',
  BLDST_API_KEY:
    'The API key. It is sent to whatever tracker you name, and to one that only a project file names after a confirmation.',
  BLDST_BUILD_ID: 'The build that commands are about: its id, the beginning of it, or `PROJECT:NUMBER`.',
  BLDST_DATABASE_URL:
    'Where `serve` keeps builds: `postgres://…`, `sqlite:///…`. `--database-url` comes before it.',
  BLDST_DATA_DIR: 'Folder of the local store, and of a server’s data. Default: `~/.local/share/buildstate`.',
  BLDST_UNKNOWN_FIELDS:
    '`warn`: `serve` ignores fields of requests that it does not know, and says so in its answers. Default: `refuse`.',
  BLDST_RETENTION_FULL_DAYS:
    'Days after its end for which all of a build is kept, in projects that say nothing of their own. Default: 30.',
  BLDST_RETENTION_SNAPSHOT_DAYS: 'Days after that for which weekly snapshots of it are kept. Default: 365.',
  BLDST_SPOOL_DIR: 'Folder of reports that wait for a tracker. Default: `~/.local/state/buildstate/spool`.',
};

const keys: Meanings = {
  BLDST_KEYRING_FILE:
    'File of the key ring that signs artifacts and seals variables. Default: `keyring.json` in the data folder.',
  BLDST_KEYRING: 'The key ring itself, as JSON.',
  ARTIFACT_SIGNING_KEY: 'A single secret of at least 256 bits in place of a ring.',
};

const storage: Meanings = {
  BLDST_S3_ENDPOINT:
    'URL of an S3-compatible service. `AWS_ENDPOINT_URL_S3` and `AWS_ENDPOINT_URL` come after it.',
  BLDST_S3_FORCE_PATH_STYLE: '`true`: the bucket is named in the path, not in the host.',
  BLDST_S3_CHECKSUMS: 'Checksums that the service is sent: `none`, `crc32` or `md5`.',
  BLDST_S3_STORAGE_CLASS: 'Storage class of new objects, such as `STANDARD_IA`.',
  BLDST_S3_ENCRYPTION: 'How the service encrypts new objects at rest: `AES256`, `aws:kms` or `aws:kms:dsse`.',
  BLDST_S3_KMS_KEY: 'Id, ARN or alias of the KMS key for that.',
  BLDST_CACHE_SIZE:
    'Turns the cache of artifacts on, and says how much it may hold: `20GiB`. What was used least recently goes first. Default: no cache.',
  BLDST_CACHE_DIR: 'Folder of that cache. Default: `~/.cache/buildstate/artifacts`.',
  BLDST_GCS_ENDPOINT: 'URL of Google Cloud Storage, where it is not `https://storage.googleapis.com`.',
  BLDST_AZURE_ENDPOINT:
    'URL of the blob service of an Azure account, where it is not `https://<account>.blob.core.windows.net`.',
};

const toCommands: Meanings = {
  BLDST_TRACKER: 'The tracker, so that calls of `bldst` inside find it.',
  BLDST_BUILD_ID: 'The full id of the build.',
  BLDST_STATE: 'The code of the state.',
  BLDST_ATTEMPT: 'The number of the attempt.',
  BLDST_BRANCH: 'Where `run` runs a branch: its key.',
  BLDST_OUTPUT: 'A file: lines `key=value` that are written to it become variables of the build.',
  BLDST_LEASE_TOKEN:
    'The token of the lease, which reports on this build carry by themselves. `build lease … -- COMMAND` sets it and `BLDST_BUILD_ID` alone.',
  BLDST_ARTIFACT_NAME:
    'For each `--needs`: the path of the verified file. `NAME` is the artifact’s, in capitals, with `_` for what shells do not allow.',
  BLDST_VAR_KEY: 'For each variable of the build: its value. `KEY` is written like `NAME` above.',
};

const printed: Meanings = {
  BLDST_BUILD_ID: 'The id of the build.',
  BLDST_STATE: 'Its current state.',
  BLDST_STATUS: 'Its status.',
  RESUME_STATE: 'The state to go on with; empty when the build is over.',
  BLDST_VAR_KEY: '`build resume-context` and `variable get|list|set`: a variable’s value.',
  BLDST_ARTIFACT_NAME:
    '`build resume-context` and `artifact …`: an artifact’s URI; after a download, the file’s path.',
  BLDST_LEASE_TOKEN: '`build lease`: the token.',
  BLDST_API_KEY: '`token create`: the new key.',
  BLDST_TRACKER: '`serve`: where it listens.',
};

const others: Meanings = {
  AWS_ACCESS_KEY_ID: 'and the SDK’s other variables: credentials and region for S3.',
  GOOGLE_APPLICATION_CREDENTIALS:
    'A file of credentials for Google Cloud Storage. Without it, those that `google-auth-library` finds elsewhere.',
  STORAGE_EMULATOR_HOST: 'Address of an emulator of Google Cloud Storage, which is used without credentials.',
  AZURE_STORAGE_CONNECTION_STRING:
    'or `AZURE_STORAGE_ACCOUNT` with `AZURE_STORAGE_KEY` or `AZURE_STORAGE_SAS_TOKEN`: credentials for Azure Blob Storage. Without them, those of `@azure/identity`’s default chain.',
  PGPASSWORD: 'The password of a PostgreSQL database whose URL has none.',
  HTTPS_PROXY: 'and `HTTP_PROXY`, `NO_PROXY`, also in lower case: proxies on the way to a server.',
  NO_COLOR: 'Any value: no colours and no moving lines.',
  CI: 'Any value: the same.',
  DEBUG: '`bldst`: stacks of errors are shown.',
  XDG_DATA_HOME: 'and `XDG_CONFIG_HOME`, `XDG_STATE_HOME`: where the folders above are.',
  NODE_DISABLE_COMPILE_CACHE: '`1`: compiled code is not kept in `~/.cache/buildstate`.',
};

function section(title: string, text: string, meanings: Meanings): string {
  const rows = Object.entries(meanings).map(([name, meaning]) => [`\`${name}\``, meaning]);
  return paragraphs(`## ${title}`, text, markdownTable(['variable', 'meaning'], rows));
}

/** The names of all of BuildState's own variables that the page explains. */
export function explainedVariables(): string[] {
  const all = Object.keys({ ...where, ...keys, ...storage, ...toCommands, ...printed });
  return [...new Set(all)].sort();
}

/** Every environment variable that is read, set or printed. */
export function environmentPage(): ReferencePage {
  return {
    name: 'environment.md',
    title: 'Environment variables',
    text: paragraphs(
      'An empty variable counts as one that is not there. `BUILD_ID` is never read: CI systems use it for themselves.',
      section('Which tracker, which build', 'Read by `bldst` and by `@buildstate/client`.', where),
      section('Keys that sign', 'Read by servers and local stores. At most one of them.', keys),
      section('Object storage', 'Read wherever artifact bytes are moved.', storage),
      section('Given to commands', 'Set by `step` and `run` for what they run.', toCommands),
      section('Printed by -o env', 'Assignments for `eval`, quoted so that every value survives.', printed),
      section('Of other programs', 'Known from elsewhere and respected.', others),
    ),
  };
}
