import { imageVariants } from '../../../src/reference/topics.ts';
import { testGet } from '../../reference/verbs.ts';

testGet(imageVariants);
