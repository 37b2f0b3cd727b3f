import * as Args from '@oclif/core/args';

// The parser would otherwise wait for standard input whenever an argument is missing.
const ignoreStdin = true;

/** The build that a command is about. It may be left out where the environment or a file names one. */
export const buildArgument = Args.string({
  description:
    'Id of the build, the beginning of it, or PROJECT:NUMBER. Default: BLDST_BUILD_ID, else the file .bldst-build.',
  ignoreStdin,
});

/** An argument that may be left out. */
export function optionalArgument(description: string) {
  return Args.string({ description, ignoreStdin });
}

/** An argument that must be given. */
export function requiredArgument(description: string) {
  return Args.string({ description, required: true, ignoreStdin });
}
