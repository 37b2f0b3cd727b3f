import type { BackendCapabilities } from '@buildstate/core';
import { LimitError } from '@buildstate/core/light';

const mebibyte = 1024 * 1024;
/** Part size unless the source or the store needs another: `design` of most stores favours 8 to 16 MiB. */
export const defaultPartBytes = 8 * mebibyte;
/** A stream of unknown length doubles its part size after each of this many stretches of equal parts. */
const stretches = 10;

/** What a plan is made from. */
export interface PlanInput {
  /** Size of the source, when it is known. */
  readonly sizeBytes?: number;
  /** Smallest part wanted, in bytes. */
  readonly partBytes: number;
  /** Bytes of parts in memory at once. */
  readonly memoryBudgetBytes: number;
  /** What the store allows. */
  readonly capabilities: Pick<
    BackendCapabilities,
    'minPartBytes' | 'maxParts' | 'maxPartBytes' | 'equalParts'
  >;
}

/** Sizes of the parts of one upload. */
export interface PartPlan {
  /**
   * Size of part `number`, unless the source ends in it.
   * @throws LimitError when the store allows no more parts
   */
  readonly partBytes: (number: number) => number;
}

function roundUp(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit) * unit;
}

function tooLarge(input: PlanInput, what: string): LimitError {
  const { maxParts, maxPartBytes } = input.capabilities;
  return new LimitError(
    `${what} exceeds limit: the store takes at most ${maxParts} parts of ${maxPartBytes} bytes.`,
    { context: { max_parts: maxParts, max_part_bytes: maxPartBytes } },
  );
}

/** One size for all parts: as small as wanted, as large as the number of parts demands. */
function equalParts(sizeBytes: number, input: PlanInput): number {
  const { minPartBytes, maxParts, maxPartBytes } = input.capabilities;
  const needed = Math.ceil(sizeBytes / maxParts);
  const wanted = Math.max(input.partBytes, minPartBytes);
  const size = Math.min(needed <= wanted ? wanted : roundUp(needed, mebibyte), maxPartBytes);
  if (needed > size) throw tooLarge(input, `A source of ${sizeBytes} bytes`);
  return size;
}

/**
 * Sizes for a source whose length is unknown: small parts first, doubling, so that memory stays small for
 * small sources and the number of parts does not run out for large ones. At most half of the memory budget,
 * so that one part can be filled while another is sent.
 */
function growingPart(number: number, input: PlanInput): number {
  const { minPartBytes, maxParts, maxPartBytes } = input.capabilities;
  const first = Math.max(input.partBytes, minPartBytes);
  const largest = Math.min(Math.max(first, Math.floor(input.memoryBudgetBytes / 2)), maxPartBytes);
  const stretch = Math.max(1, Math.floor(maxParts / stretches));
  return Math.min(first * 2 ** Math.floor((number - 1) / stretch), largest);
}

/**
 * Plans the parts of an upload: `max(wanted, ceil(size / maxParts))`, growing when the size is unknown and the
 * store lets parts differ.
 * @throws LimitError when the source does not fit into the parts that the store allows
 */
export function planParts(input: PlanInput): PartPlan {
  const { sizeBytes, capabilities } = input;
  const fixed =
    sizeBytes !== undefined || capabilities.equalParts ? equalParts(sizeBytes ?? 0, input) : undefined;
  return {
    partBytes(number) {
      if (number > capabilities.maxParts) throw tooLarge(input, 'The source');
      return fixed ?? growingPart(number, input);
    },
  };
}
