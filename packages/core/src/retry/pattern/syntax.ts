import { ValidationError } from '../../errors/validation-error.ts';

/** Whether a UTF-16 unit belongs to a set. */
export type UnitTest = (unit: number) => boolean;

/** Something that holds between two units: the beginning, the end, a word's edge, or the inside of a word. */
export type Edge = '^' | '$' | 'b' | 'B';

/** A pattern as a tree. */
export type PatternNode =
  | { readonly kind: 'unit'; readonly test: UnitTest }
  | { readonly kind: 'edge'; readonly edge: Edge }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly item: PatternNode; readonly min: number; readonly max: number };

/** Why a text is no pattern, as the end of a sentence. Thrown and caught within this folder. */
export class PatternProblem extends ValidationError {}
