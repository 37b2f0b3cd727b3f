import { osVersions } from '../../../src/reference/topics.ts';
import { testUpdate } from '../../reference/verbs.ts';

testUpdate(osVersions);
