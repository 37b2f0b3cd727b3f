import { cloudProviders } from '../../../src/reference/topics.ts';
import { testUpdate } from '../../reference/verbs.ts';

testUpdate(cloudProviders);
