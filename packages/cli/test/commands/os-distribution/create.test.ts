import { osDistributions } from '../../../src/reference/topics.ts';
import { testCreate } from '../../reference/verbs.ts';

testCreate(osDistributions);
