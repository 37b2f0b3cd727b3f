import { platforms } from '../../../src/reference/topics.ts';
import { testCreate } from '../../reference/verbs.ts';

testCreate(platforms);
