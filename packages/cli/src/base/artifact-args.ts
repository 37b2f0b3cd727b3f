import { optionalArgument } from './args.ts';

/** The words of commands about one artifact. */
export const artifactArguments = {
  build: optionalArgument('The build. May be left out where BLDST_BUILD_ID or .bldst-build names it.'),
  artifact: optionalArgument('Id or name of the artifact.'),
};
