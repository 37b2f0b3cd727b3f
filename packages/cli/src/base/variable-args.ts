import { optionalArgument } from './args.ts';

/** The words of commands about one variable. */
export const variableArguments = {
  build: optionalArgument('The build. May be left out where BLDST_BUILD_ID or .bldst-build names it.'),
  key: optionalArgument('Key of the variable.'),
};
