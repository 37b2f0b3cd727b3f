import * as Flags from '@oclif/core/flags';

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
