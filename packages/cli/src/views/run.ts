import type {
  BuildFile,
  ExplainedBranch,
  FileCommand,
  FileState,
  PlanEntry,
  RunExplanation,
  RunResult,
} from '@buildstate/client/run';
import type { Style } from '../output/style.ts';
import { table } from '../output/table.ts';
import { printable } from '../output/text-width.ts';
import type { View } from '../output/view.ts';

/** How a run went, for machines. For people the commands' own output is the result. */
export function runView(result: RunResult): View {
  const { build, completed, skipped, outcome, exitCode } = result;
  return {
    body: {
      build:
        build === undefined ? null : { id: build.id, project: build.project, buildNumber: build.buildNumber },
      outcome,
      exitCode: exitCode ?? null,
      completed,
      reused: result.reused,
      skipped,
      ...(result.outcome === 'failed' && {
        failedState: result.state ?? null,
        retryDecision: result.retryDecision ?? null,
      }),
      ...(result.outcome === 'interrupted' && { signal: result.signal }),
    },
    text: () => '',
    ids: () => (build === undefined ? [] : [build.id]),
    variables: () => ({
      BLDST_BUILD_ID: build?.id,
      BLDST_STATE: completed.at(-1),
      BLDST_STATUS: outcome,
      RESUME_STATE: result.outcome === 'failed' ? result.state : undefined,
    }),
  };
}

const actions = { skip: 'skip', run: 'run', reuse: 'reuse', leave: '-' } as const;

function headline({ build, newNumber }: RunExplanation, { project }: BuildFile): string {
  if (build === undefined)
    return `A new build of ${project}${newNumber === undefined ? '' : `, number ${newNumber}`}.`;
  return `Build ${project}:${build.buildNumber}, ${build.status} at state ${build.currentState}.`;
}

function moves({ plan }: RunExplanation): string[] {
  return [
    ...(plan.rollback === undefined
      ? []
      : [`Goes back to state ${plan.rollback.target} first. ${plan.rollback.reason}`]),
    ...(plan.clearFailure === undefined ? [] : [`Clears the failure first. ${plan.clearFailure}`]),
  ];
}

/** A build file and how its commands are written. */
export interface ShownFile {
  readonly file: BuildFile;
  readonly commandText: (command: FileCommand) => string;
}

function files({ needs, produces }: FileState): string {
  const named = ({ name, path }: { readonly name: string; readonly path?: string | undefined }) =>
    path === undefined ? name : `${name}=${path}`;
  return [
    ...needs.map((need) => `needs ${named(need)}`),
    ...produces.map((product) => `stores ${named(product)}`),
  ].join(', ');
}

function planTable(style: Style, explanation: RunExplanation): string {
  return table(style, explanation.plan.entries, [
    { title: 'State', value: ({ code }) => String(code), align: 'right' },
    { title: 'Name', value: ({ name }) => name },
    { title: 'Action', value: ({ action }) => actions[action] },
    { title: 'Because it', value: ({ reason }) => reason },
  ]);
}

/** A digest as people compare it. */
function shortDigest(digest: string | null): string {
  return digest === null ? 'none' : digest.replace(/^(?:sha256:)?([0-9a-f]{16})[0-9a-f]{48}$/, '$1…');
}

/** Exactly which inputs changed: what they were and what they are. */
function changedInputs({ plan }: RunExplanation): string[] {
  const lines = plan.entries.flatMap(({ code, changes }) =>
    changes.map(
      ({ text, before, after }) =>
        `  state ${code}: ${printable(text)}, ${printable(shortDigest(before))} -> ${printable(shortDigest(after))}`,
    ),
  );
  return lines.length === 0 ? [] : ['', 'Changed inputs:', ...lines];
}

/** What would become of a branch, in words. */
function branchText({ status, states }: ExplainedBranch): string {
  if (status === null) return 'is forked and runs all of its states';
  const first = states.find(({ action }) => action === 'run');
  if (first === undefined) return status === 'completed' ? 'is completed' : 'goes on to where it joins';
  return `runs from state ${first.code}, which ${first.reason}`;
}

function branchTable(style: Style, branches: readonly ExplainedBranch[]): string {
  return table(style, branches, [
    { title: 'Branch', value: ({ key }) => key },
    { title: 'Joins at', value: ({ joinsAt }) => String(joinsAt), align: 'right' },
    { title: 'Status', value: ({ status }) => status ?? 'new' },
    { title: 'It', value: branchText },
  ]);
}

function workTable(style: Style, { plan }: RunExplanation, { file, commandText }: ShownFile): string {
  const runs = new Set(plan.entries.filter(({ action }) => action === 'run').map(({ code }) => code));
  return table(
    style,
    file.states.filter(({ code }) => runs.has(code)).flatMap((state) => state.fanOut?.states ?? [state]),
    [
      { title: 'State', value: ({ code }) => String(code), align: 'right' },
      { title: 'Command', value: ({ command }) => commandText(command).replaceAll('\n', ' ; ') },
      { title: 'Artifacts', value: files },
    ],
  );
}

function entriesBody(entries: readonly PlanEntry[]) {
  return entries.map(({ code, name, action, reason, changes }) => ({
    state: code,
    name,
    action,
    reason,
    changes: changes.map(({ kind, name: input, before, after }) => ({ kind, name: input, before, after })),
  }));
}

/**
 * What a run would do.
 * @param kind `explain`: why, state by state; `dry-run`: which commands, with their artifacts
 */
export function planView(explanation: RunExplanation, shown: ShownFile, kind: 'explain' | 'dry-run'): View {
  const { build, newNumber, plan, branches } = explanation;
  const hasWork = plan.entries.some(({ action }) => action === 'run' || action === 'reuse');
  return {
    body: {
      build:
        build === undefined ? null : { id: build.id, project: build.project, buildNumber: build.buildNumber },
      newBuildNumber: build === undefined ? (newNumber ?? null) : null,
      rollbackTo: plan.rollback?.target ?? null,
      rollbackReason: plan.rollback?.reason ?? null,
      states: entriesBody(plan.entries),
      branches: branches.map(({ states, ...branch }) => ({ ...branch, states: entriesBody(states) })),
    },
    ids: () => plan.entries.filter(({ action }) => action === 'run').map(({ code }) => String(code)),
    text: (style) => {
      const details =
        kind === 'explain' ? planTable(style, explanation) : workTable(style, explanation, shown);
      const nothing = hasWork ? [] : ['Nothing to run.'];
      return [
        headline(explanation, shown.file),
        ...moves(explanation),
        ...nothing,
        ...(kind === 'explain' || hasWork ? ['', details] : []),
        ...(kind === 'explain' ? changedInputs(explanation) : []),
        ...(branches.length > 0 ? ['', branchTable(style, branches)] : []),
      ].join('\n');
    },
  };
}
