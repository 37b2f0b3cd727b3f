import { platforms } from '../../../src/reference/topics.ts';
import { testDelete } from '../../reference/verbs.ts';

testDelete(platforms);
