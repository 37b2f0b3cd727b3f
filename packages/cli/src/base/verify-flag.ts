import * as Flags from '@oclif/core/flags';

/** How artifacts are proven, by the words of the flag. */
const proofs = { no: false, yes: true, true: true, false: false, deep: 'deep' } as const;

/** Whether artifacts are proven before anything rests on them. */
export const verifyFlag = Flags.string({
  summary: 'Look for the artifacts (yes), or read them as well (deep).',
  options: Object.keys(proofs),
});

/** How artifacts are proven, as the client is told. */
export function proofOf(word: string | undefined): boolean | 'deep' {
  return proofs[(word ?? 'no') as keyof typeof proofs];
}

/** `--verify` alone means `--verify=yes`: the parser knows no flags whose value may be left out. */
export function plainVerify(argv: readonly string[]): string[] {
  return argv.map((word, index) =>
    word === '--verify' && !Object.hasOwn(proofs, argv[index + 1] ?? '') ? '--verify=yes' : word,
  );
}
