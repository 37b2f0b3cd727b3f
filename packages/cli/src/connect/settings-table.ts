import { nearestNames } from '@buildstate/core/light';
import { UsageError } from '../errors/usage-error.ts';
import { outputFormats } from '../output/formats.ts';
import { checkTrackerUrl } from './origin.ts';

/** A setting that `bldst config` knows. */
interface Setting {
  /** What it is for. */
  readonly summary: string;
  /** The value as it is kept. @throws UsageError when it is no good */
  readonly check: (value: string, cwd: string) => string;
}

/** Every setting, by its name. */
export const settingsTable = {
  tracker: { summary: 'URL of the server or store to use', check: checkTrackerUrl },
  output: {
    summary: `How results are shown: ${outputFormats.join(', ')}`,
    check(value: string) {
      if (outputFormats.some((format) => format === value)) return value;
      throw new UsageError(`output must be one of ${outputFormats.join(', ')}, not "${value}".`);
    },
  },
  project: {
    summary: 'The project of commands that do not say which',
    check(value: string) {
      if (value.trim() === '') throw new UsageError('project must be the name or id of a project.');
      return value.trim();
    },
  },
} as const satisfies Record<string, Setting>;

/** The name of a setting. */
export type SettingName = keyof typeof settingsTable;

/** The setting that a word names. @throws UsageError with the nearest names */
export function settingName(word: string): SettingName {
  if (Object.hasOwn(settingsTable, word)) return word as SettingName;
  const names = Object.keys(settingsTable);
  const nearest = nearestNames(word, names);
  const advice =
    nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}?` : `There are ${names.join(', ')}.`;
  throw new UsageError(`There is no setting "${word}". ${advice}`, { hint: 'bldst config show' });
}
