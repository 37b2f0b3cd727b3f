import { developmentKey } from './server.ts';

/** One try at a state, as the API tells of it. */
export interface Attempt {
  readonly state: number;
  readonly state_name: string;
  readonly attempt: number | null;
  readonly status: string;
  readonly start_time: string | null;
  readonly end_time: string | null;
  readonly duration_seconds: number | null;
  readonly lease_token: number | null;
}

/** A build, as the API tells of it. */
export interface Build {
  readonly id: string;
  readonly build_number: string;
  readonly project: string;
  readonly status: string;
  readonly current_state: number;
  readonly last_successful_state: number;
  readonly open_attempt: { readonly state: number; readonly start_time: string } | null;
}

/** An artifact, as the API tells of it. */
export interface Artifact {
  readonly artifact_name: string;
  readonly state_code: number;
  readonly size_bytes: number;
  readonly checksum: string;
  readonly artifact_path: string;
}

/** Asks a tracker over its HTTP API. */
export class Tracker {
  readonly #url: string;

  /** @param url the server's address */
  constructor(url: string) {
    this.#url = url;
  }

  /** The answer to a GET. */
  async get<Answer>(path: string): Promise<Answer> {
    const response = await fetch(`${this.#url}${path}`, {
      headers: { authorization: `Bearer ${developmentKey}` },
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  /** The build of the demonstration, once there is one. */
  async build(): Promise<Build | undefined> {
    const [newest] = await this.get<Build[]>('/builds?limit=1');
    return newest === undefined ? undefined : this.get<Build>(`/builds/${newest.id}`);
  }

  /** Makes sure that a state is in progress now. */
  async checkInProgress(state: number): Promise<void> {
    const build = await this.build();
    if (build?.open_attempt?.state === state) return;
    throw new Error(`State ${state} is not in progress; the build is at ${build?.current_state}.`);
  }
}
