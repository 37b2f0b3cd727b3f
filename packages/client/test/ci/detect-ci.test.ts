import { describe, expect, it } from 'vitest';
import { detectCi, jobLink } from '../../src/ci/detect-ci.ts';
import { reporterName } from '../../src/ci/reporter.ts';
import { examples } from './environments.ts';
import { linkJobBodyProblems } from './job-body.ts';

const here = { host: 'build-7', user: 'ci' };

describe.each(Object.entries(examples))('a job of %s', (platform, { env, job, rerun }) => {
  it('is described from its environment', () => {
    expect(detectCi(env)).toEqual(job);
  });

  it('is a job that the tracker accepts', () => {
    expect(linkJobBodyProblems(jobLink(job))).toEqual([]);
  });

  it('is the same reporter with the same default build number when it runs again', () => {
    if (rerun === undefined) {
      expect(job.defaultBuildNumber).toBeUndefined();
      return;
    }
    const again = { ...env, ...rerun };
    expect(detectCi(again)?.defaultBuildNumber).toBe(job.defaultBuildNumber);
    expect(reporterName(again, here)).toBe(reporterName(env, here));
  });

  it('is told from a job of another run', () => {
    const other = Object.fromEntries(
      Object.entries({ ...env, ...rerun }).map(([name, value]) => [name, value.replace(/\d(?=\D*$)/, 'x')]),
    );
    expect(detectCi({ ...other, ...detecting(env) })?.platform).toBe(platform);
    expect(reporterName({ ...other, ...detecting(env) }, here)).not.toBe(reporterName(env, here));
  });

  it('names the job as the reporter', () => {
    expect(reporterName(env, here)).toMatch(new RegExp(`^${platform}:.+#`));
  });
});

/** The variables by which the systems are recognised. */
function detecting(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => /^(true|https:.*\.com)$/i.test(value)));
}

describe('outside of the known systems', () => {
  it('finds no job in a person’s shell, nor where only CI is set', () => {
    expect(detectCi({ HOME: '/home/ada', BUILD_ID: 'dontKillMe', BUILD_NUMBER: '7' })).toBeUndefined();
    expect(detectCi({ CI: 'true' })).toBeUndefined();
    expect(detectCi({ GITHUB_ACTIONS: '' })).toBeUndefined();
  });

  it('names user and host as the reporter', () => {
    expect(reporterName({}, here)).toBe('ci@build-7');
    expect(reporterName({}, { host: 'build-7' })).toBe('unknown@build-7');
  });

  it('prefers the system that runs the job when a Jenkins home is set on its machine', () => {
    expect(detectCi({ ...examples.jenkins?.env, ...examples.gitlab?.env })?.platform).toBe('gitlab');
  });
});

describe('odd values', () => {
  const { env = {} } = examples['github-actions'] ?? {};

  it('cuts a default build number to its limit without losing the run', () => {
    const job = detectCi({ ...env, GITHUB_WORKFLOW: 'w'.repeat(500) });
    expect(job?.defaultBuildNumber).toHaveLength(200);
    expect(job?.defaultBuildNumber).toMatch(/-19534012345$/);
    expect(job?.pipelineName).toHaveLength(400);
  });

  it('makes build numbers without characters that name branches or projects', () => {
    const number = detectCi({ ...env, GITHUB_WORKFLOW: 'a/b:c "d" €' })?.defaultBuildNumber;
    expect(number).toBe('acme-os-images-a-b-c-d-19534012345');
  });

  it('gives no default build number when a part of it is missing', () => {
    const { GITHUB_RUN_ID: _, ...rest } = env;
    expect(detectCi(rest)?.defaultBuildNumber).toBeUndefined();
    expect(detectCi({ ...env, GITHUB_WORKFLOW: '///' })?.defaultBuildNumber).toBeUndefined();
  });

  it('leaves a link out that is too long to be kept whole', () => {
    const url = `https://gitlab.example.com/${'x'.repeat(2100)}`;
    expect(detectCi({ ...examples.gitlab?.env, CI_JOB_URL: url })).not.toHaveProperty('jobUrl');
  });

  it('links a Concourse build without its instance when the instance cannot be read', () => {
    const job = detectCi({ ...examples.concourse?.env, BUILD_PIPELINE_INSTANCE_VARS: '{broken' });
    expect(job?.jobUrl).toBe('https://ci.example.com/teams/main/pipelines/images/jobs/build-image/builds/31');
  });

  it('links a one-off Concourse build by its id', () => {
    const job = detectCi({ ATC_EXTERNAL_URL: 'https://ci.example.com/', BUILD_ID: '5' });
    expect(job?.jobUrl).toBe('https://ci.example.com/builds/5');
  });
});
