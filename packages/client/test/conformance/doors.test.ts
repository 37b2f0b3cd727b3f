import { describeDoor } from '@buildstate/conformance';
import { doors } from './open-doors.ts';

for (const [name, open] of Object.entries(doors)) describeDoor(name, open);
