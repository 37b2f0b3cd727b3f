import type { JsonObject } from '../build/build.ts';
import type { BuildDraft } from '../build/draft.ts';
import { findResume, type Look, type ResumeFindings } from '../resume/context.ts';
import { decideResumeRequest } from '../resume/decide-request.ts';
import type { ResumeRequest } from '../resume/resume-request.ts';
import { redactJson } from '../text/redact.ts';
import type { CheckedInput } from '../wire/contract.ts';
import type { Engine } from './engine.ts';
import { redactorOf } from './redaction.ts';
import type { DecisionNeeds, SurroundedBuild } from './surroundings.ts';
import type { CallContext } from './tracker.ts';

/** What has to be loaded of a build to ask that it goes on. */
export const resumeNeeds = {
  artifacts: 'all',
  variables: true,
  resumeRequests: true,
  inherits: 'all',
} as const satisfies DecisionNeeds;

/** What is asked for. */
export type ResumeWishBody = NonNullable<CheckedInput<'requestResume'>['body']>;

type Wish = ResumeWishBody & {
  /** What was seen of artifacts' bytes just now. @default what their records say */
  readonly looks?: ReadonlyMap<string, Look> | undefined;
};

/** A wish that was accepted, and what was found out about it. */
export interface AskedToResume {
  /** The request. */
  readonly request: ResumeRequest;
  /** Where the build goes on, and with what. */
  readonly findings: ResumeFindings;
}

/**
 * Decides on the wish that a build goes on; an open request is the answer to another wish.
 * @param id of the request that is made. @default a new one
 * @throws BuildClosedError, NotResumableError
 */
export function askToResume(
  engine: Engine,
  draft: BuildDraft,
  loaded: SurroundedBuild,
  body: Wish,
  { actor }: CallContext,
  id?: string,
): AskedToResume {
  const redact = redactorOf(engine, loaded);
  const findings = findResume(loaded.snapshot, loaded, draft.now, {
    from: body.resumeFromState,
    ...(body.looks !== undefined && { looks: body.looks }),
  });
  const config = body.orchestrationConfig as JsonObject | undefined;
  const metadata = { ...body.metadata, ...(config !== undefined && { orchestration_config: config }) };
  const wish = {
    id,
    resumeFromState: body.resumeFromState ?? null,
    resumeToState: body.resumeToState ?? null,
    resumeReason: body.resumeReason === undefined ? null : redact(body.resumeReason),
    requestedBy: body.requestedBy ?? actor.id,
    requestSource: body.requestSource ?? ('api' as const),
    metadata: redactJson(metadata as JsonObject, redact),
  };
  return { request: decideResumeRequest(draft, wish, findings), findings };
}
