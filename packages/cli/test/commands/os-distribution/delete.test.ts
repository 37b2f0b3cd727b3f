import { osDistributions } from '../../../src/reference/topics.ts';
import { testDelete } from '../../reference/verbs.ts';

testDelete(osDistributions);
