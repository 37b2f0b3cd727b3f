/** The CI job that this process runs in, as its system's environment tells it. */
export interface CiJob {
  /** `github-actions`, `gitlab`, `jenkins`, `concourse`, `buildkite`, `azure-pipelines`, `circleci`, `bitbucket`. */
  readonly platform: string;
  /** Pipeline or workflow. */
  readonly pipelineName?: string;
  /** Job within it. */
  readonly jobName?: string;
  /** The job's page. */
  readonly jobUrl?: string;
  /** The system's own id of the run of the job. */
  readonly jobId?: string;
  /** The system's own number of the run. */
  readonly buildNumber?: string;
  /** The person or commit behind it. */
  readonly triggeredBy?: string;
  /** `push`, `schedule`, `manual`, … in the system's own words. */
  readonly triggerSource?: string;
  /**
   * A `build_number` that a re-run of the same run finds again: made from repository, workflow and run id, without
   * the attempt. Missing where re-runs change ids (Jenkins, Concourse): a number must be given there.
   */
  readonly defaultBuildNumber?: string;
}
