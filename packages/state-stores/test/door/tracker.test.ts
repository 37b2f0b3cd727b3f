import { describeDoor } from '@buildstate/conformance';
import { createMemoryStore } from '@buildstate/state-stores/memory';
import { openTracker } from './open-tracker.ts';

describeDoor('the engine over memory', () => openTracker(createMemoryStore));
