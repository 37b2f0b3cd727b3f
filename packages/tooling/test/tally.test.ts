import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tally } from '../src/ci/tally.ts';

let folder: string;
let steps: string;
let report: string;

const writeReport = (numPassedTests: number, numFailedTests: number, success = numFailedTests === 0): void =>
  writeFileSync(report, JSON.stringify({ numPassedTests, numFailedTests, success }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'buildstate-tally-'));
  steps = join(folder, 'steps');
  report = join(folder, 'tests.json');
  writeFileSync(steps, 'passed lint\npassed system packages\n');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('tally', () => {
  it('adds tests and steps', () => {
    writeReport(40, 0);
    expect(tally(steps, report, 0)).toEqual({ passed: 42, failed: 0, failures: [] });
  });

  it('counts failed tests and failed steps', () => {
    writeFileSync(steps, 'passed lint\nfailed demo\n');
    writeReport(40, 2);
    expect(tally(steps, report, 1)).toMatchObject({ passed: 41, failed: 3 });
  });

  it('counts a run that failed outside every test as one failure', () => {
    writeReport(40, 0, false);
    expect(tally(steps, report, 1)).toMatchObject({ passed: 42, failed: 1 });
    writeReport(40, 0);
    expect(tally(steps, report, 1)).toMatchObject({ passed: 42, failed: 1 });
  });

  it('counts a missing report as a failure', () => {
    expect(tally(steps, report, 0)).toMatchObject({ passed: 2, failed: 1 });
  });
});
