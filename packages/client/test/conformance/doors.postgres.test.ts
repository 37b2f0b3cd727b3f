import { describeDoor } from '@buildstate/conformance';
import { postgresDoors } from './postgres-doors.ts';

for (const [name, open] of Object.entries(postgresDoors)) describeDoor(name, open);
