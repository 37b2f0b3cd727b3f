import { osVersions } from '../../../src/reference/topics.ts';
import { testList } from '../../reference/verbs.ts';

testList(osVersions);
