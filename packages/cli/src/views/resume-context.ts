import type { ResumeContext } from '@buildstate/client';
import { variableName } from '../output/shell-variables.ts';
import type { Style } from '../output/style.ts';
import { details } from '../output/table.ts';
import { printable } from '../output/text-width.ts';
import type { EnvironmentVariables, View } from '../output/view.ts';
import { retryText } from './attempt.ts';
import { sizeText } from './build.ts';

function section(style: Style, title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return ['', style.bold(`${title}:`), ...lines.map((line) => `  ${printable(line)}`)];
}

/** Why a build goes on where it does, what runs again and what is missing, as lines. */
export function resumeFindings(
  style: Style,
  { reasons, rerunStates, missing }: Pick<ResumeContext, 'reasons' | 'rerunStates' | 'missing'>,
): string[] {
  return [
    ...section(style, 'Because', reasons),
    ...section(
      style,
      'Runs again',
      rerunStates.map(({ state, name, reason }) => `${state} - ${name}: ${reason}`),
    ),
    ...section(
      style,
      'Missing',
      missing.map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`),
    ),
  ];
}

function contextText(context: ResumeContext, hidden: readonly string[], style: Style): string {
  const { retryDecision, resumableStateConfig: config } = context;
  return [
    details(style, [
      ['Build', context.buildId],
      ['Resume from state', String(context.resumeFromState)],
      ['Last completed', `state ${context.lastSuccessfulState}`],
      ['Failed', context.failedState === null ? undefined : `state ${context.failedState}`],
      ['Strategy', config?.resumeStrategy],
      ['Command', config?.resumeCommand],
      ['Retry', retryText(retryDecision, style.now)],
      ['Can be resumed', context.resumable ? 'yes' : 'no', context.resumable ? style.good : style.bad],
    ]),
    ...resumeFindings(style, context),
    ...section(
      style,
      'Proof',
      context.proof.map(
        ({ artifactName, stateCode, status, problem }) =>
          `${artifactName} (state ${stateCode}): ${status}${problem === undefined ? '' : `, ${problem}`}`,
      ),
    ),
    ...section(
      style,
      'Artifacts',
      context.artifacts.map(
        ({ artifactName, stateCode, sizeBytes, verificationStatus, artifactPath }) =>
          `${artifactName} (state ${stateCode}, ${sizeText(sizeBytes) ?? 'size unknown'}, ${verificationStatus}) ${artifactPath}`,
      ),
    ),
    ...section(
      style,
      'Variables',
      Object.entries(context.variables)
        .filter(([key]) => !hidden.includes(key))
        .map(([key, value]) => `${key}=${value}`),
    ),
    ...section(style, 'Sensitive variables', [...new Set([...context.maskedVariables, ...hidden])]),
  ].join('\n');
}

/** A resume context as variables: scripts go on with these. */
export function contextVariables(
  context: ResumeContext,
  status: string | undefined,
): { readonly variables: EnvironmentVariables; readonly clashes: readonly string[] } {
  const variables: Record<string, string | number | undefined> = {
    BLDST_BUILD_ID: context.buildId,
    BLDST_STATE: context.currentState,
    BLDST_STATUS: status,
    RESUME_STATE: context.resumeFromState,
  };
  const clashes: string[] = [];
  const add = (name: string, value: string, source: string) => {
    if (Object.hasOwn(variables, name))
      clashes.push(`${source} would be ${name}, which another one is already.`);
    else variables[name] = value;
  };
  for (const [key, value] of Object.entries(context.variables)) {
    add(variableName('BLDST_VAR_', key), value, `The variable ${key}`);
  }
  for (const { artifactName, artifactPath } of context.artifacts) {
    add(variableName('BLDST_ARTIFACT_', artifactName), artifactPath, `The artifact ${artifactName}`);
  }
  return { variables, clashes };
}

/**
 * All that is needed to go on.
 *
 * @param hidden keys of variables whose values people are not shown
 * @param variables makes the variables; asked only when scripts want them
 */
export function resumeContextView(
  context: ResumeContext,
  hidden: readonly string[],
  variables: () => Promise<EnvironmentVariables>,
): View {
  return {
    body: context,
    ids: () => [context.buildId],
    text: (style) => contextText(context, hidden, style),
    variables,
  };
}
