/** One HTTP request. Bodies are whole: artifact parts are buffers, so that a request can be sent again. */
export interface HttpRequest {
  /** The method, in capitals. */
  readonly method: string;
  /** The absolute URL, without credentials. */
  readonly url: string;
  /** Headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What is sent. */
  readonly body?: string | Uint8Array;
  /** Ends the request and the reading of the response early. */
  readonly signal: AbortSignal;
}

/** A response whose body has not been read yet. */
export interface HttpResponse {
  /** The status. */
  readonly status: number;
  /** Headers, names in lower case; repeated ones joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes. Must be read to the end, or given up with `return()`, so that the connection is freed. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Sends single requests: no retries, no time-outs, no redirects, no reading of bodies; all of that is done once,
 * around it. Rejects with whatever the network library throws; `cause` chains are looked into for system codes.
 */
export interface HttpTransport {
  /** Sends one request and answers when the response's head has arrived. */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Frees idle connections. */
  close(): Promise<void>;
}
