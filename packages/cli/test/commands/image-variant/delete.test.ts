import { imageVariants } from '../../../src/reference/topics.ts';
import { testDelete } from '../../reference/verbs.ts';

testDelete(imageVariants);
