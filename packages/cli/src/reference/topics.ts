import * as Flags from '@oclif/core/flags';
import { present } from '../values/present.ts';
import type { ReferenceTopic } from './topic.ts';

const word = (summary: string, helpValue: string) => Flags.string({ summary, helpValue });
const nothing = { flags: {}, fields: async () => ({}), shown: [] } as const;

/** A part of a version: a number where it is written like one. `04` is not 4. */
function versionPart(text: unknown): number | string | undefined {
  if (typeof text !== 'string') return undefined;
  return /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : text;
}

/** `bldst platform` */
export const platforms: ReferenceTopic = {
  topic: 'platform',
  one: 'a platform',
  many: 'platforms',
  api: 'platforms',
  example: 'aws-gov',
  exampleFlags: '--cloud-provider aws --region us-gov-west-1',
  flags: {
    'cloud-provider': word('The cloud that it is part of.', 'NAME'),
    region: word('Its region.', 'NAME'),
  },
  fields: async (_, flags) => present({ cloudProvider: flags['cloud-provider'], region: flags.region }),
  shown: [
    ['Cloud provider', 'cloudProvider'],
    ['Region', 'region'],
  ],
};

/** `bldst os-version` */
export const osVersions: ReferenceTopic = {
  topic: 'os-version',
  one: 'an OS version',
  many: 'OS versions',
  api: 'osVersions',
  example: 'rhel-9.4',
  exampleFlags: '--family rhel --os-version 9.4 --major 9 --minor 4',
  flags: {
    'os-version': word('The version, as its makers write it.', 'VERSION'),
    family: word('The family that it belongs to: rhel, debian, windows, …', 'NAME'),
    major: word('The first part of the version.', 'N'),
    minor: word('The second part of the version.', 'N'),
    'os-distribution': word('The distribution that it is a version of.', 'NAME'),
  },
  fields: async (client, flags) => {
    const { 'os-distribution': distribution } = flags;
    return present({
      version: flags['os-version'],
      osFamily: flags.family,
      majorVersion: versionPart(flags.major),
      minorVersion: versionPart(flags.minor),
      osDistributionId:
        typeof distribution === 'string' ? (await client.osDistributions.get(distribution)).id : undefined,
    });
  },
  shown: [
    ['Version', 'version'],
    ['Family', 'osFamily'],
    ['Major', 'majorVersion'],
    ['Minor', 'minorVersion'],
    ['Distribution', 'osDistributionId'],
  ],
};

/** `bldst image-type` */
export const imageTypes: ReferenceTopic = {
  topic: 'image-type',
  one: 'an image type',
  many: 'image types',
  api: 'imageTypes',
  example: 'golden',
  exampleFlags: '--display-name "Golden image"',
  flags: { 'image-variant': word('The variant that it is of.', 'NAME') },
  fields: async (client, flags) => {
    const { 'image-variant': variant } = flags;
    return present({
      imageVariantId: typeof variant === 'string' ? (await client.imageVariants.get(variant)).id : undefined,
    });
  },
  shown: [['Variant', 'imageVariantId']],
};

/** `bldst cloud-provider` */
export const cloudProviders: ReferenceTopic = {
  ...nothing,
  topic: 'cloud-provider',
  one: 'a cloud provider',
  many: 'cloud providers',
  api: 'cloudProviders',
  example: 'aws',
  exampleFlags: '--display-name "Amazon Web Services"',
};

/** `bldst os-distribution` */
export const osDistributions: ReferenceTopic = {
  ...nothing,
  topic: 'os-distribution',
  one: 'an OS distribution',
  many: 'OS distributions',
  api: 'osDistributions',
  example: 'rhel',
  exampleFlags: '--display-name "Red Hat Enterprise Linux"',
};

/** `bldst image-variant` */
export const imageVariants: ReferenceTopic = {
  ...nothing,
  topic: 'image-variant',
  one: 'an image variant',
  many: 'image variants',
  api: 'imageVariants',
  example: 'hardened',
  exampleFlags: '--description "With the security baseline"',
};

/** All kinds, in the order in which they are listed. */
export const referenceTopics: readonly ReferenceTopic[] = [
  platforms,
  osVersions,
  imageTypes,
  cloudProviders,
  osDistributions,
  imageVariants,
];
