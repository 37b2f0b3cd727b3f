import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { downloadKilled } from '../soak/killed-downloads.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('a download whose process is killed', () => {
  it('again and again goes on where it was, and delivers the right bytes', { timeout: 120_000 }, async () => {
    const folder = temporaryFolder();
    const [pieces, pieceBytes, lanes, perProcess] = [60, 65_536, 4, 14];
    const outcome = await downloadKilled(folder, { pieces, pieceBytes, perProcess: () => perProcess });
    expect(outcome.wrong).toEqual([]);
    expect(outcome.kills).toBeGreaterThanOrEqual(4);
    // Of what one process asked for, at most one piece per lane has to be asked for again.
    expect(outcome.servedBytes).toBeLessThanOrEqual((pieces + outcome.kills * lanes) * pieceBytes);
    expect(readdirSync(folder)).toEqual(['image.raw']);
  });
});
