import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeDoor, type OpenDoor } from '@buildstate/conformance';
import { openSqlite } from '../../src/sqlite/index.ts';
import { openTracker } from '../door/open-tracker.ts';

async function openIn(name: string): Promise<OpenDoor> {
  const folder = await mkdtemp(join(tmpdir(), 'buildstate-sql-door-'));
  const opened = await openTracker(() => openSqlite(`sqlite://${folder}/${name}`));
  return {
    ...opened,
    async remove() {
      await opened.remove();
      await rm(folder, { recursive: true });
    },
  };
}

describeDoor('the engine over SQLite in one file', () => openIn('state.db'));
describeDoor('the engine over SQLite in a folder', () => openIn('builds'));
