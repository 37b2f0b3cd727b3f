import { complaintAbout, recordHistory } from '@buildstate/conformance/model';
import type { Door } from '@buildstate/core';
import { fetchDoor } from '../../support/fetch-door.ts';
import { serverProcess } from '../../support/server-process.ts';
import { devKeys } from '../../support/test-server.ts';

/** Which histories are made. */
export interface HistoriesOptions {
  /** The servers' folder. */
  readonly folder: string;
  /** The store that they share. */
  readonly url: string;
  /** How many histories. */
  readonly histories: number;
  /** The first one's seed; each next one's is one more. */
  readonly seed: number;
  /** Whether the servers are those that were built. @default false */
  readonly built?: boolean;
  /** Is told about every history. @default nobody is */
  readonly onHistory?: (histories: number, complaints: number) => void;
}

/** What came of them. */
export interface HistoriesResult {
  readonly histories: number;
  readonly operations: number;
  /** Operations that clients gave up before they were answered. */
  readonly unanswered: number;
  /** Operations that were refused. */
  readonly refused: number;
  /** Why a history cannot have happened one thing after the other, with its seed. */
  readonly complaints: readonly string[];
}

const instances = 3;
const clients = 8;
const operations = 100;
/** One operation in so many is given up by its client: it may have happened, or happen later. */
const givesUpEach = 20;

/** Histories of clients of three real servers over one store, each checked. */
export async function checkHistories(options: HistoriesOptions): Promise<HistoriesResult> {
  const { folder, url, histories, seed, built = false, onHistory } = options;
  const servers = [];
  for (let made = 0; made < instances; made++) servers.push(await serverProcess(folder, url, { built }));
  const doors: Door[] = servers.map((server) => fetchDoor(server.url, devKeys.admin));
  const sum = { histories: 0, operations: 0, unanswered: 0, refused: 0 };
  const complaints: string[] = [];
  try {
    for (let made = 0; made < histories; made++) {
      const one = seed + made;
      const history = await recordHistory(doors, { clients, operations, seed: one, givesUpEach });
      const complaint = complaintAbout(history);
      if (complaint !== undefined) complaints.push(`seed ${one}: ${complaint}`);
      sum.histories += 1;
      onHistory?.(sum.histories, complaints.length);
      sum.operations += history.length;
      sum.unanswered += history.filter(({ output }) => output === null).length;
      sum.refused += history.filter(({ output }) => output !== null && 'refused' in output).length;
    }
  } finally {
    for (const server of servers) await server.end('SIGTERM');
  }
  return { ...sum, complaints };
}
