import type { BuildDetails, BuildSummary } from '@buildstate/client';
import { moment, shortDuration } from '../output/amounts.ts';

type Eta = NonNullable<BuildSummary['eta']>;
type Attention = BuildDetails['attention'][number];

/** What is left of a build, short: `12m 5s`, with a `+` where something is unknown. */
export function leftText(eta: Eta | null | undefined): string | undefined {
  if (eta == null) return undefined;
  return `${shortDuration(eta.p50Seconds)}${eta.unknownStates.length > 0 ? '+' : ''}`;
}

const reasons: Readonly<Record<Attention['reason'], string>> = {
  stalled: 'stalled',
  lease_expired: 'lease expired',
  retries_exhausted: 'retries exhausted',
  failed: 'failed',
  report_rejected: 'a report was refused',
};

/** Why somebody should look at a build, short: `stalled at 35`. */
export function attentionText({ reason, state }: Attention): string {
  return state === null ? reasons[reason] : `${reasons[reason]} at ${state}`;
}

const bases: Readonly<Record<Eta['basis'], string>> = {
  measured: 'from what builds of the project took',
  expected: 'from what the catalogue expects',
  mixed: 'from what builds took and the catalogue expects',
};

function etaText(eta: Eta): string {
  const { p50Seconds, p90Seconds, basis, unknownStates } = eta;
  const unknown = unknownStates.length > 0 ? `, without state ${unknownStates.join(', ')}` : '';
  return `${shortDuration(p50Seconds)}, or ${shortDuration(p90Seconds)} if everything is slow (${bases[basis]}${unknown})`;
}

function stallText({
  state,
  reason,
  elapsedSeconds,
  limitSeconds,
  since,
}: NonNullable<BuildDetails['stalled']>) {
  if (reason === 'silent') return `state ${state}: its holder has been silent since ${since}`;
  const took = elapsedSeconds === null ? '' : ` for ${shortDuration(elapsedSeconds)}`;
  return `state ${state} runs${took}; it may take ${shortDuration(limitSeconds ?? 0)}`;
}

/** What is to be expected of a build, as lines of its details. */
export function outlookLines(
  // An older server says nothing of it.
  { eta = null, stalled = null, attention = [] }: Partial<BuildDetails>,
  now: number,
): readonly (readonly [string, string | undefined])[] {
  return [
    ['Left', eta === null ? undefined : etaText(eta)],
    ['Done by', eta === null ? undefined : moment(eta.finishAt, now)],
    ['Stalled', stalled === null ? undefined : stallText(stalled)],
    ['Attention', attention.map(attentionText).join(', ') || undefined],
  ];
}
