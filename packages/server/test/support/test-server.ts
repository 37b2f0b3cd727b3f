import { type RunningServer, type ServerOptions, startServer } from '@buildstate/server';
import { temporaryFolder } from './temporary-folder.ts';

/** What a request of a test is made of. */
export interface TestRequest {
  readonly method?: string;
  /** `null`: none. @default the development key with the write scope */
  readonly key?: string | null;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string>;
}

/** An answer with its body read. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json(): any;
}

/** The well-known development keys. */
export const devKeys = {
  read: 'readonly-key-888',
  write: 'dev-key-12345',
  admin: 'admin-key-99999',
} as const;

/** A real server on a free port, with its own folder and its log in memory. */
export class TestServer {
  readonly running: RunningServer;
  /** Lines of the log. */
  readonly lines: string[];
  readonly folder: string;
  readonly #removeFolder: () => Promise<void>;

  private constructor(
    running: RunningServer,
    lines: string[],
    folder: string,
    removeFolder: () => Promise<void>,
  ) {
    this.running = running;
    this.lines = lines;
    this.folder = folder;
    this.#removeFolder = removeFolder;
  }

  /** Starts one: on a store in memory and with the development keys, unless told otherwise. */
  static async start(options: ServerOptions = {}): Promise<TestServer> {
    const folder = await temporaryFolder();
    const lines: string[] = [];
    try {
      const running = await startServer({
        port: 0,
        dev: true,
        store: 'memory:',
        dataDir: folder.path,
        noticeMs: 0,
        environment: {},
        log: { level: 'debug', stream: { write: (line: string) => lines.push(line) } },
        ...options,
      });
      return new TestServer(running, lines, folder.path, folder.remove);
    } catch (error) {
      await folder.remove();
      throw error;
    }
  }

  /** Where it listens. */
  get url(): string {
    return this.running.url;
  }

  /** Sends a request and reads the answer. */
  async send(path: string, request: TestRequest = {}): Promise<TestAnswer> {
    const { method, key = devKeys.write, body, raw, headers = {} } = request;
    const hasBody = body !== undefined || raw !== undefined;
    const response = await fetch(this.url + path, {
      method: method ?? (hasBody ? 'POST' : 'GET'),
      redirect: 'manual',
      headers: {
        ...(key !== null && { 'x-api-key': key }),
        ...(hasBody && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(hasBody && { body: raw ?? JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
  }

  /** Makes a build and answers its id. */
  async newBuild(body: Record<string, unknown> = {}): Promise<string> {
    const answer = await this.send('/builds', { body: { project: 'images', ...body } });
    if (answer.status !== 201) throw new Error(`no build: ${answer.status} ${answer.text}`);
    return answer.json().id;
  }

  /** Makes an API key through the API and answers it. */
  async newKey(scopes: string[], more: Record<string, unknown> = {}): Promise<string> {
    const answer = await this.send('/users/me/tokens', {
      key: devKeys.admin,
      body: { name: 'test', scopes, ...more },
    });
    if (answer.status !== 201) throw new Error(`no key: ${answer.status} ${answer.text}`);
    return answer.json().key;
  }

  /** Closes it and removes its folder. */
  async remove(): Promise<void> {
    await this.running.close();
    await this.#removeFolder();
  }
}
