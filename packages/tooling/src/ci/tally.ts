import { existsSync, readFileSync } from 'node:fs';

/** The parts of vitest's JSON report that are counted. */
interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly success: boolean;
}

/** What a CI run amounted to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** What failed, one line each, test failures as one. */
  readonly failures: readonly string[];
}

function tallyTests(reportPath: string, exitCode: number): Tally {
  if (!existsSync(reportPath)) {
    return { passed: 0, failed: 1, failures: [`the tests left no report (exit code ${exitCode})`] };
  }
  const report = JSON.parse(readFileSync(reportPath, 'utf8')) as TestReport;
  const { numPassedTests: passed, numFailedTests } = report;
  // A file that does not load or an error outside every test fails the run without a failed test to count.
  const failed = numFailedTests === 0 && (exitCode !== 0 || !report.success) ? 1 : numFailedTests;
  return { passed, failed, failures: failed > 0 ? [`tests: ${failed} failed (exit code ${exitCode})`] : [] };
}

function tallySteps(stepsPath: string): Tally {
  const lines = readFileSync(stepsPath, 'utf8').split('\n').filter(Boolean);
  const failures = lines.filter((line) => !line.startsWith('passed '));
  return { passed: lines.length - failures.length, failed: failures.length, failures };
}

/**
 * Adds up a CI run.
 *
 * @param stepsPath a file with a line `passed NAME` or `failed NAME` for each step besides the tests
 * @param reportPath vitest's JSON report; need not exist
 * @param testsExitCode what the test run exited with, which counts where the report does not know of a failure
 */
export function tally(stepsPath: string, reportPath: string, testsExitCode: number): Tally {
  const steps = tallySteps(stepsPath);
  const tests = tallyTests(reportPath, testsExitCode);
  return {
    passed: steps.passed + tests.passed,
    failed: steps.failed + tests.failed,
    failures: [...tests.failures, ...steps.failures],
  };
}
