import type { DutyWork } from '../duty/duty-work.ts';
import { type CutParts, cutHistory } from './cut-history.ts';
import { type DueParts, dueCuts } from './due-cuts.ts';

/** What the retention of a store needs. */
export type RetentionParts = CutParts & DueParts & { readonly store: CutParts['store'] & DueParts['store'] };

/** Lets go of histories that have had their time. */
export function retentionDuty(parts: RetentionParts): DutyWork {
  return {
    name: 'retention',
    purpose:
      'Replaces the history of builds that ended long ago by weekly snapshots, and removes those in the end.',
    everySeconds: 3600,
    async run(signal) {
      let [histories, snapshots] = [0, 0];
      for await (const { build, keeps, neededBy } of dueCuts(parts, parts.clock.now())) {
        if (signal.aborted) break;
        if (neededBy !== undefined || !(await cutHistory(parts, build.id, keeps, signal))) continue;
        if (keeps === 'snapshots') histories += 1;
        else snapshots += 1;
      }
      if (histories + snapshots === 0) return undefined;
      const became = `${histories} ${histories === 1 ? 'history' : 'histories'} became snapshots`;
      return `${became}, and snapshots of ${snapshots} ${snapshots === 1 ? 'build' : 'builds'} went`;
    },
  };
}
