import { platforms } from '../../../src/reference/topics.ts';
import { testGet } from '../../reference/verbs.ts';

testGet(platforms);
