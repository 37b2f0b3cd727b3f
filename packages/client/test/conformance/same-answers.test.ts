import { itGivesTheSameAnswers } from '@buildstate/conformance';
import { doors } from './open-doors.ts';

itGivesTheSameAnswers(doors, { runs: 30, length: 20 });
