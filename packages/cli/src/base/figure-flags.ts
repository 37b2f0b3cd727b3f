import * as Flags from '@oclif/core/flags';
import { present } from '../values/present.ts';

/** Whose builds count. */
export const projectFlag = Flags.string({
  char: 'p',
  summary: 'Only builds of this project.',
  helpValue: 'NAME',
});

/** How far back records count. */
export const periodFlag = Flags.string({
  summary: 'How far back: hours, days or weeks, such as 24h, 7d, 12w. Default: 30d.',
  helpValue: 'TIME',
});

/** What the flags of a trend ask for, as the client is asked. */
export function trendQuery(flags: {
  readonly project?: string | undefined;
  readonly platform?: string | undefined;
  readonly state?: number | undefined;
  readonly component?: string | undefined;
  readonly period?: string | undefined;
  readonly bucket?: string | undefined;
}) {
  const { project, platform, state, component, period, bucket } = flags;
  return present({
    projectId: project,
    platformId: platform,
    state,
    component,
    period,
    bucket: bucket as 'hour' | 'day' | 'week' | undefined,
  });
}

/** Which attempts a trend is made of. */
export const trendFlags = {
  project: projectFlag,
  platform: Flags.string({ summary: 'Only builds for this platform.', helpValue: 'NAME' }),
  state: Flags.integer({ summary: 'Only attempts at this state.', helpValue: 'N', min: 0, max: 100 }),
  component: Flags.string({ summary: 'Only attempts of this component.', helpValue: 'NAME' }),
  period: periodFlag,
  bucket: Flags.string({
    summary: 'Length of the pieces that the period is cut into.',
    options: ['hour', 'day', 'week'],
  }),
};
