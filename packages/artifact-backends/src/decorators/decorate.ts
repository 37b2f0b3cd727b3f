import type { ArtifactBackend, CallOptions, ListedObject, ReadOptions, ReadResult } from '@buildstate/core';

/** One call on its way to the driver. */
export interface BackendCall<Result> {
  /** Name of the method. */
  readonly operation: string;
  /** The call in words, for messages: `uploadPart of s3://bucket/key`. */
  readonly what: string;
  /** Bytes that the caller hands over. */
  readonly bytes: number;
  /** The caller's signal. */
  readonly signal?: AbortSignal;
  /** Makes the call. May be called again: bodies are buffers. */
  readonly run: (signal?: AbortSignal) => Promise<Result>;
}

/** What a decorator does around calls. */
export interface Around {
  /** Around every call that answers once. */
  readonly call: <Result>(call: BackendCall<Result>) => Promise<Result>;
  /** Around what `read` answered. @default unchanged */
  readonly body?: (result: ReadResult, key: string, options: ReadOptions) => ReadResult;
  /** Around the listing. @default unchanged */
  readonly list?: (prefix: string, options: CallOptions) => AsyncIterable<ListedObject>;
}

/** The same backend with something done around every call. Decorators are built on this, and only on this. */
export function decorate(backend: ArtifactBackend, around: Around): ArtifactBackend {
  const root = backend.uri.replace(/\/$/, '');
  const call = <Result>(
    operation: string,
    key: string,
    options: CallOptions | undefined,
    run: (options: CallOptions) => Promise<Result>,
    bytes = 0,
  ): Promise<Result> =>
    around.call({
      operation,
      what: `${operation} of ${root}/${key}`,
      bytes,
      signal: options?.signal,
      run: (signal = options?.signal) => run({ ...options, signal }),
    });
  return {
    uri: backend.uri,
    kind: backend.kind,
    capabilities: backend.capabilities,
    stat: (key, options) => call('stat', key, options, (inner) => backend.stat(key, inner)),
    async read(key, options = {}) {
      const result = await call('read', key, options, (inner) => backend.read(key, inner));
      return around.body?.(result, key, options) ?? result;
    },
    put: (key, body, options) =>
      call('put', key, options, (inner) => backend.put(key, body, inner), body.length),
    createUpload: (key, options) =>
      call('createUpload', key, options, (inner) => backend.createUpload(key, inner)),
    uploadPart: (upload, part, options) =>
      call(
        'uploadPart',
        upload.key,
        options,
        (inner) => backend.uploadPart(upload, part, inner),
        part.bytes.length,
      ),
    listParts: (upload, options) =>
      call('listParts', upload.key, options, (inner) => backend.listParts(upload, inner)),
    completeUpload: (upload, parts, options) =>
      call('completeUpload', upload.key, options, (inner) => backend.completeUpload(upload, parts, inner)),
    abortUpload: (upload, options) =>
      call('abortUpload', upload.key, options, (inner) => backend.abortUpload(upload, inner)),
    cloneFile:
      backend.cloneFile &&
      ((upload, path, options) =>
        call('cloneFile', upload.key, options, async (inner) => backend.cloneFile?.(upload, path, inner))),
    listUploads:
      backend.listUploads &&
      ((key, options) =>
        call('listUploads', key, options, async (inner) => (await backend.listUploads?.(key, inner)) ?? [])),
    list: (prefix, options = {}) => around.list?.(prefix, options) ?? backend.list(prefix, options),
    delete: (key, options) => call('delete', key, options, (inner) => backend.delete(key, inner)),
    probe: (options) => call('probe', '', options, (inner) => backend.probe(inner)),
    close: () => backend.close(),
  };
}
