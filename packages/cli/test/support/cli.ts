import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { ClientOpener } from '../../src/connect/client-opener.ts';
import { openTracker } from '../../src/connect/open-tracker.ts';
import { main } from '../../src/run/main.ts';
import { inputOf, TextStream } from './text-stream.ts';

/** What surrounds a command line in a test. */
export interface CliOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly stdin?: string;
  /** Whether all three streams are a terminal. */
  readonly terminal?: boolean;
  readonly open?: ClientOpener;
  readonly now?: () => number;
}

/** How a command line ended. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any form
  readonly json: any;
}

/** A folder that is removed when the tests of the file are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bldst-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes a function that runs command lines in this process, with a home of their own. */
export function cliIn(home: string, defaults: CliOptions = {}) {
  return async (words: readonly string[], options: CliOptions = {}): Promise<CliResult> => {
    const {
      env,
      cwd = home,
      stdin = '',
      terminal = false,
      open = openTracker,
      now = Date.now,
    } = {
      ...defaults,
      ...options,
      env: { HOME: home, ...defaults.env, ...options.env },
    };
    const stdout = new TextStream(terminal);
    const stderr = new TextStream(terminal);
    const code = await main([...words], {
      version: '1.2.3',
      env,
      cwd,
      stdin: inputOf(stdin, terminal),
      stdout,
      stderr,
      now,
      open,
    });
    return {
      code,
      stdout: stdout.text,
      stderr: stderr.text,
      get json() {
        return JSON.parse(stdout.text);
      },
    };
  };
}
