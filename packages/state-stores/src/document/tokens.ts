import type { ApiToken, Timestamp } from '@buildstate/core';
import { mapConcurrently, sorted } from '@buildstate/core/light';
import { tokenOrder } from '../lists/orders.ts';
import { again, untilDecided } from './again.ts';
import { listKeys } from './driver.ts';
import { keys } from './keys.ts';
import type { RecordTools } from './named-records.ts';
import { writeSurely } from './write-surely.ts';

interface TokenDocument {
  readonly token: ApiToken;
  /** Makes every text different. */
  readonly write: string;
}

/** API keys, one document each. */
export class TokenDocuments {
  readonly #tools: RecordTools;

  constructor(tools: RecordTools) {
    this.#tools = tools;
  }

  async load(id: string): Promise<ApiToken | undefined> {
    return this.#read(this.#key(id));
  }

  /** Keys, oldest first. */
  async list(): Promise<ApiToken[]> {
    const all = await listKeys(this.#tools.driver, keys.tokens);
    const tokens = await mapConcurrently(all, 16, (key) => this.#read(key));
    return sorted(
      tokens.flatMap((token) => token ?? []),
      tokenOrder,
    );
  }

  /** Adds or replaces a key. */
  async save(token: ApiToken): Promise<void> {
    await this.#update(token.id, () => token);
  }

  /** Sets when a key was last used. */
  async touch(id: string, lastUsedAt: Timestamp): Promise<void> {
    await this.#update(id, (token) => (token === undefined ? undefined : { ...token, lastUsedAt }));
  }

  async #update(id: string, change: (token: ApiToken | undefined) => ApiToken | undefined): Promise<void> {
    const { driver, clock, nonce } = this.#tools;
    const key = this.#key(id);
    await untilDecided(clock, `API key ${id}`, async () => {
      const found = await driver.get(key);
      const token = change(found === undefined ? undefined : this.#parse(found.text));
      if (token === undefined) return undefined;
      const text = JSON.stringify({ token, write: nonce() } satisfies TokenDocument);
      const isOurs = (stored: string) => stored === text;
      const result = await writeSurely(driver, clock, {
        key,
        text,
        expected: found?.version ?? null,
        isOurs,
      });
      return result === 'conflict' ? again : undefined;
    });
  }

  async #read(key: string): Promise<ApiToken | undefined> {
    const found = await this.#tools.driver.get(key);
    return found === undefined ? undefined : this.#parse(found.text);
  }

  #key(id: string): string {
    return keys.record(keys.tokens, id);
  }

  #parse(text: string): ApiToken {
    return (JSON.parse(text) as TokenDocument).token;
  }
}
