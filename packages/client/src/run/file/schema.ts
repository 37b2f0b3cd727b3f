import { branchKeyPattern, longestBranchKey, presets } from '@buildstate/core';
import { z } from 'zod';
import { durationForm, parseDuration } from './duration.ts';

const filledIn = `\${VAR} and \${VAR:-default} are filled in from the environment.`;

const artifactName = z.string().min(1).max(255);
const path = z.string().min(1).max(4096);

const duration = z
  .union([
    z.number().min(0),
    z.string().refine((text) => parseDuration(text) !== undefined, `must be ${durationForm}`),
  ])
  .meta({ description: 'Seconds, or a duration such as 90s, 45m or 1h30m.' });

const command = z.union([z.string().min(1), z.array(z.string()).min(1)]).meta({
  description: 'A text is a shell script; a list is a program with its arguments, without a shell.',
});

const shell = z.union([z.enum(['bash', 'sh']), z.array(z.string()).min(1)]).meta({
  description:
    'What runs scripts: bash (-euo pipefail), sh (-eu), or a program with arguments that takes the script as its last one. Default: bash where there is one, else sh.',
});

const needs = z.union([z.array(artifactName), z.record(artifactName, path)]).meta({
  description:
    'Artifacts of earlier states: names, restored to where they were made, or a map of names to the files that they become.',
});

const retry = z
  .union([
    z.boolean(),
    z.enum(Object.keys(presets) as (keyof typeof presets)[]),
    z.strictObject({
      preset: z.enum(Object.keys(presets) as (keyof typeof presets)[]).optional(),
      max_attempts: z.int().min(1).max(100).optional().meta({ description: 'Tries in all.' }),
      initial_delay: duration.optional(),
      max_delay: duration.optional(),
      multiplier: z.number().min(1).max(100).optional(),
      jitter: z.enum(['none', 'full']).optional(),
      retry_on: z.array(z.enum(['transient', 'persistent', 'unknown'])).optional(),
    }),
  ])
  .meta({
    description:
      "How failures are followed by further tries: a policy, the name of one, or true for the project's own. Default: not at all.",
  });

const reuse = z.boolean().meta({
  description:
    'Whether a state that makes something takes what an earlier build of the project has made of the same inputs, instead of running: command, input files, needed artifacts, variables, platform and env. Default: false.',
});

const environmentName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');

const branch = z.strictObject({
  platform: z
    .string()
    .min(1)
    .optional()
    .meta({ description: `What the branch is made for. Default: the build's platform. ${filledIn}` }),
  env: z
    .record(environmentName, z.string())
    .optional()
    .meta({ description: `Environment variables of the branch's commands. ${filledIn}` }),
});

const branchKey = z
  .string()
  .max(longestBranchKey)
  .regex(branchKeyPattern, 'must have letters, digits, dots, hyphens and underscores only');

const stateEntry = z.strictObject({
  code: z.int().min(0).max(100).meta({ description: 'State code; doubles as per cent.' }),
  name: z
    .string()
    .max(100)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens')
    .optional()
    .meta({ description: "What scripts call the state. Default: the name in the project's catalogue." }),
  run: command,
  shell: shell.optional(),
  produces: z.record(artifactName, path).optional().meta({
    description: 'Files that the state makes, by artifact name. They are stored when its command succeeds.',
  }),
  needs: needs.optional(),
  inputs: z.array(path).optional().meta({
    description:
      'Patterns of the files that the state is made from. A change of them makes it run again, and all after it.',
  }),
  variables: z.array(z.string().min(1)).optional().meta({
    description: "Keys of the build's variables whose change makes the state run again, and all after it.",
  }),
  reuse: reuse.optional(),
  retry: retry.optional(),
  timeout: duration.optional(),
  branches: z
    .record(branchKey, branch.nullable())
    .refine((branches) => Object.keys(branches).length > 0, 'must name at least one branch')
    .optional()
    .meta({
      description:
        'Branches that run this state and those after it up to `until` side by side, each by itself; $BLDST_BRANCH has the key.',
    }),
  until: z.int().min(0).max(100).optional().meta({
    description:
      'The state that every branch has to complete before the build goes on. Default: the state with the branches.',
  }),
  parallel: z.int().min(1).max(100).optional().meta({
    description: 'How many branches run at the same time. Default: all of them, and six at most.',
  }),
});

/** `buildstate.yaml`: what a whole build is made of. */
export const buildFileSchema = z.strictObject({
  project: z
    .string()
    .min(1)
    .meta({ description: `Name of the project. ${filledIn}` }),
  platform: z
    .string()
    .min(1)
    .optional()
    .meta({ description: `What the image is made for. ${filledIn}` }),
  build_number: z
    .union([z.string().min(1), z.int()])
    .optional()
    .meta({
      description: `auto (the default): the last unfinished build, else the next number. ${filledIn}`,
    }),
  tracker: z.string().min(1).optional().meta({
    description: 'Server or store to use when neither the command line nor the environment names one.',
  }),
  artifacts: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: `URI under which artifacts are stored. Default: the project's own place. ${filledIn}`,
    }),
  env: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable'),
      z.string(),
    )
    .optional()
    .meta({ description: `Environment variables of all commands. ${filledIn}` }),
  secrets: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable'))
    .optional()
    .meta({ description: 'Environment variables that must be set and whose values are hidden everywhere.' }),
  shell: shell.optional(),
  reuse: reuse.optional(),
  before: z
    .array(command)
    .optional()
    .meta({ description: 'Commands before the first state of every run, continued ones too.' }),
  finally: z
    .array(command)
    .optional()
    .meta({ description: 'Commands at the end of every run that began, failed and stopped ones too.' }),
  states: z.array(stateEntry).min(1).meta({ description: 'The states, ascending by code.' }),
});

/** The contents of a `buildstate.yaml`, checked, with nothing filled in yet. */
export type RawBuildFile = z.output<typeof buildFileSchema>;
/** One state of it. */
export type RawState = RawBuildFile['states'][number];
