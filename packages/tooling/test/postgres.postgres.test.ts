import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';

async function ask(url: string, query: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(query)).rows;
  } finally {
    await client.end();
  }
}

describe('newDatabase', () => {
  it('gives every caller an empty database of its own on one server, which refuses a wrong password', async () => {
    const [first, second] = await Promise.all([newDatabase(), newDatabase()]);
    expect(first.name).not.toBe(second.name);
    expect(new URL(first.url).port).toBe(new URL(second.url).port);
    await ask(first.url, 'create table here (x int)');
    expect(await ask(second.url, "select 1 from pg_class where relname = 'here'")).toEqual([]);
    await expect(ask(first.url.replace(first.password, 'wrong'), 'select 1')).rejects.toMatchObject({
      code: '28P01',
    });
  });
});
