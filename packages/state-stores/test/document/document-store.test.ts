import { describeStateStore, everyNth, type FaultPlan, faultyDriver } from '@buildstate/conformance';
import {
  DocumentStore,
  type DocumentStoreOptions,
  type StoredDocument,
} from '@buildstate/state-stores/document';
import { MapDriver } from './map-driver.ts';

const capabilities = { shared: true, durable: true, sql: false, globalStream: false };

function places(options: DocumentStoreOptions, plan: FaultPlan = () => 'none') {
  return async () => {
    const documents = new Map<string, StoredDocument>();
    return {
      connect: () =>
        new DocumentStore(faultyDriver(new MapDriver(documents), ['putIfVersion'], plan), options),
      remove: async () => documents.clear(),
    };
  };
}

describeStateStore('documents', places({}), { capabilities, commits: 3_000 });

// Everything as small as it can be, so that every change goes through segments, indexes and parts elsewhere.
const smallest = { entryBytes: 200, partBytes: 50, tailBytes: 100, tailEntries: 2, segments: 2 };
describeStateStore('documents cut small, without a cache', places({ limits: smallest, cacheBytes: 0 }), {
  capabilities,
});

/** Opening writes probes, whose failure is the caller's to see. */
const exceptProbes =
  (plan: FaultPlan): FaultPlan =>
  (call) =>
    call.key.startsWith('probes/') ? 'none' : plan(call);

describeStateStore(
  'documents whose every third reply to a write is lost',
  places({ limits: smallest }, exceptProbes(everyNth(3, 'drop-reply'))),
  { capabilities },
);
describeStateStore(
  'documents whose every fifth write fails and arrives late',
  places({}, exceptProbes(everyNth(5, 'late'))),
  { capabilities, commits: 100 },
);
