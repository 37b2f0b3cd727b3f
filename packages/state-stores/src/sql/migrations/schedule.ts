import { first } from './0001-first/index.ts';
import { stateRecords } from './0002-state-records/index.ts';
import { keyedRequestTable } from './0003-keyed-requests/index.ts';
import { searches } from './0004-searches/index.ts';
import { promotions } from './0005-promotions/index.ts';
import { dutyTable } from './0006-duties/index.ts';
import { eventStream } from './0007-event-stream/index.ts';
import { branches } from './0008-branches/index.ts';
import { waitingBuilds } from './0009-waiting-builds/index.ts';
import { reuse } from './0010-reuse/index.ts';
import { historyKept } from './0011-history/index.ts';
import { signedEvents } from './0012-signed-events/index.ts';
import { heldBuilds } from './0013-held-builds/index.ts';
import { actorTable } from './0014-actors/index.ts';
import type { Schedule } from './migration.ts';

/** The schema of every SQL store. New steps go to the end. */
export const storeSchema: Schedule = {
  schema: 'store',
  migrations: [
    first,
    stateRecords,
    keyedRequestTable,
    searches,
    promotions,
    dutyTable,
    eventStream,
    branches,
    waitingBuilds,
    reuse,
    historyKept,
    signedEvents,
    heldBuilds,
    actorTable,
  ],
};
