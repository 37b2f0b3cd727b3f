import { parsePattern } from './parse-pattern.ts';
import { type Program, programOf } from './program.ts';
import { runProgram } from './run-program.ts';
import { PatternProblem } from './syntax.ts';

/** Most programs kept for the next time. */
const mostKept = 500;

const kept = new Map<string, Program | PatternProblem>();

function compile(pattern: string): Program | PatternProblem {
  try {
    return programOf(parsePattern(pattern));
  } catch (error) {
    if (error instanceof PatternProblem) return error;
    throw error;
  }
}

function programFor(pattern: string): Program | PatternProblem {
  const known = kept.get(pattern);
  if (known !== undefined) return known;
  const program = compile(pattern);
  if (kept.size >= mostKept) kept.clear();
  kept.set(pattern, program);
  return program;
}

/**
 * What a pattern costs: the size of its program, or why it is none, as the end of a sentence. Patterns are regular
 * expressions of JavaScript without flags, references and looking around, because only those can be found in time in
 * proportion to the text, whoever wrote the pattern.
 */
export function patternCost(pattern: string): number | string {
  const program = compile(pattern);
  return program instanceof PatternProblem ? program.message : program.instructions.length;
}

/** Whether a pattern is found anywhere in a text, ignoring case. What is no pattern is never found. */
export function isFound(pattern: string, text: string): boolean {
  const program = programFor(pattern);
  return !(program instanceof PatternProblem) && runProgram(program, text);
}
