import { describeCallers } from '@buildstate/conformance';
import { createMemoryStore } from '@buildstate/state-stores/memory';
import { openTracker } from './open-tracker.ts';

describeCallers('the engine over memory', () => openTracker(createMemoryStore));
