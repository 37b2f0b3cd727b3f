import { imageTypes } from '../../../src/reference/topics.ts';
import { testList } from '../../reference/verbs.ts';

testList(imageTypes);
