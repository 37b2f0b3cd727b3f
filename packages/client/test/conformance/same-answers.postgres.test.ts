import { itGivesTheSameAnswers } from '@buildstate/conformance';
import { doors } from './open-doors.ts';
import { postgresDoors } from './postgres-doors.ts';

itGivesTheSameAnswers({ memory: doors.memory, ...postgresDoors }, { runs: 20, length: 20 });
