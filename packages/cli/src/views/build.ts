import type { BuildDetails, BuildSummary } from '@buildstate/client';
import { ageOf, byteSize, moment, progressBar, shortDuration } from '../output/amounts.ts';
import { shortIds } from '../output/short-ids.ts';
import type { Style } from '../output/style.ts';
import { details, table } from '../output/table.ts';
import type { EnvironmentVariables, View } from '../output/view.ts';
import { attentionText, leftText, outlookLines } from './outlook.ts';

/** `AWS Build #123: State 45 - Storage configuration (45% complete)`. */
export function buildLine(build: BuildSummary): string {
  return `${build.platform ?? build.project} Build #${build.buildNumber}: ${build.progressLine}`;
}

/** Colours a build's status by what it means. */
export function paintStatus(style: Style, status: string, text: string = status): string {
  if (status === 'completed') return style.good(text);
  if (status === 'failed' || status === 'corrupt' || status === 'missing') return style.bad(text);
  if (status === 'running' || status === 'in_progress') return style.bold(text);
  return text;
}

/**
 * What scripts read of a build with `eval`.
 *
 * @param resumeState where it would go on
 */
export function buildVariables(build: BuildSummary, resumeState: number | undefined): EnvironmentVariables {
  return {
    BLDST_BUILD_ID: build.id,
    BLDST_STATE: build.currentState,
    BLDST_STATUS: build.status,
    RESUME_STATE: resumeState,
  };
}

function failureLines(build: BuildDetails): readonly (readonly [string, string | null | undefined])[] {
  const failure = build.lastFailure;
  if (failure === null || build.failedState === null) return [];
  return [
    ['Failed', `state ${failure.state} - ${failure.stateName}, attempt ${failure.attempt ?? 1}`],
    ['Error', failure.errorMessage],
    ['Error code', failure.errorCode],
    ['Component', failure.component],
  ];
}

/** The branches that hold a build, each with how it is. */
function blockerText({ blockedBy }: BuildSummary): string | undefined {
  const each = blockedBy.map(
    ({ branchKey, status, currentState, made }) =>
      `${branchKey} (${made ? `${status} at state ${currentState}` : 'not made yet: fork it again'})`,
  );
  return each.join(', ') || undefined;
}

function buildText(build: BuildDetails, style: Style): string {
  const { now } = style;
  const { openAttempt: open, lease } = build;
  return [
    `${paintStatus(style, build.status, buildLine(build))}`,
    `${progressBar(build.progress)} ${build.progress}%`,
    '',
    details(style, [
      ['Id', build.id],
      ['Project', build.project],
      ['Status', build.status],
      ['Last completed', `state ${build.lastSuccessfulState}`],
      ...failureLines(build),
      [
        'In progress',
        open &&
          `state ${open.state} - ${open.stateName}, attempt ${open.attempt ?? 1}, by ${open.reportedBy ?? 'unknown'}`,
      ],
      ...outlookLines(build, now),
      ['Waits for', blockerText(build)],
      ['Branches', build.branches.map(({ branchKey }) => branchKey).join(', ') || undefined],
      ['Branch of', build.parentBuildId && `${build.parentBuildId}, from state ${build.branchedFromState}`],
      ['Lease', lease && `${lease.holder}, until ${moment(lease.expiresAt, now)}`],
      ['Releasable', build.releasableAt === null ? undefined : `since ${moment(build.releasableAt, now)}`],
      ['Next retry', moment(build.nextRetryAt, now)],
      ['Description', build.description],
      ['OS version', build.osVersion],
      ['Image type', build.imageType],
      ['Cloud provider', build.cloudProvider],
      ['Artifacts in', build.artifactBase],
      ['Created', moment(build.createdAt, now)],
      ['Created by', build.createdBy],
      ['Duration', build.durationSeconds === null ? undefined : shortDuration(build.durationSeconds)],
      ['Version', String(build.version)],
    ]),
  ].join('\n');
}

/**
 * A build with what is going on in it.
 *
 * @param resumeState finds out where the build would go on; asked only when scripts want to know
 */
export function buildView(build: BuildDetails, resumeState: () => Promise<number | undefined>): View {
  return {
    body: build,
    text: (style) => buildText(build, style),
    ids: () => [build.id],
    variables: async () => buildVariables(build, await resumeState()),
  };
}

function buildTable(builds: readonly BuildSummary[], style: Style): string {
  const onTerminal = style.width !== undefined;
  const short = onTerminal ? shortIds(builds.map(({ id }) => id)) : undefined;
  const barWidth = onTerminal ? 8 : undefined;
  return table(style, builds, [
    { title: 'Id', value: ({ id }) => short?.get(id) ?? id },
    { title: 'Progress', value: ({ progress }) => progressBar(progress, barWidth) },
    { title: 'Build', value: buildLine, cuttable: true },
    {
      title: 'Status',
      value: ({ status }) => status,
      paint: (text, { status }) => paintStatus(style, status, text),
    },
    ...(builds.some(({ blockedBy }) => blockedBy.length > 0)
      ? [{ title: 'Waits for', value: blockerText, cuttable: true }]
      : []),
    { title: 'Age', value: ({ createdAt }) => ageOf(createdAt, style.now), align: 'right' },
    ...(builds.some(({ eta }) => eta != null)
      ? [{ title: 'Left', value: ({ eta }: BuildSummary) => leftText(eta), align: 'right' as const }]
      : []),
    { title: 'Holder', value: ({ holder }) => holder, cuttable: true },
    ...(builds.some(({ attention = [] }) => attention.length > 0)
      ? [{ title: 'Attention', value: attentionWords, cuttable: true }]
      : []),
  ]);
}

/** Why somebody should look at a listed build. */
function attentionWords({ attention = [] }: BuildSummary): string | undefined {
  return attention.map((one) => attentionText(one)).join(', ') || undefined;
}

/** A list of builds. */
export function buildListView(builds: readonly BuildSummary[]): View {
  return {
    body: builds,
    ids: () => builds.map(({ id }) => id),
    text: (style) => (builds.length === 0 ? 'No builds.' : buildTable(builds, style)),
  };
}

/** A size for people, or what stands for an unknown one. */
export function sizeText(bytes: number | null): string | undefined {
  return bytes === null ? undefined : byteSize(bytes);
}
