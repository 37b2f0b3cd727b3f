import type { Artifact, VerificationStatus } from '../artifact/artifact.ts';
import {
  decideDeleteArtifact,
  decideUpdateArtifact,
  decideVerification,
  pickArtifact,
} from '../artifact/decide-change.ts';
import { decidePin } from '../artifact/decide-pin.ts';
import { decidePromotion } from '../artifact/decide-promotion.ts';
import { decideRegister } from '../artifact/decide-register.ts';
import type { LoadedBuild } from '../ports/state-store.ts';
import { given } from '../text/given.ts';
import { redactFields } from '../text/redact.ts';
import { signerOf, toRegistration } from './artifact-input.ts';
import type { Changing, Engine } from './engine.ts';
import { type Handlers, pageOf } from './handler.ts';
import { redactorOf, withSecrets } from './redaction.ts';
import { artifactWarnings } from './report-input.ts';
import type { CallContext } from './tracker.ts';

type Names =
  | 'registerArtifact'
  | 'listArtifacts'
  | 'getArtifact'
  | 'updateArtifact'
  | 'deleteArtifact'
  | 'verifyArtifact'
  | 'promoteArtifact'
  | 'pinArtifact'
  | 'unpinArtifact';

const allArtifacts = () => ({ artifacts: 'all' }) as const;
const needs = withSecrets(allArtifacts());

/** What a look at the bytes says, in words for `warnings`. */
function inspectionWarnings(status: VerificationStatus, problem: string | undefined): string[] {
  if (problem !== undefined) return [problem];
  return status === 'unverified' ? ['The bytes cannot be reached from here; nobody has looked at them.'] : [];
}

/** The artifact that a change is about. @throws NotFoundError */
function artifactIn(ref: string) {
  return ({ snapshot: { build }, artifacts }: LoadedBuild): Changing => ({
    what: `The artifact ${ref}`,
    content: pickArtifact(artifacts, ref, `${build.project}:${build.buildNumber}`),
  });
}

/** Operations on artifacts. */
export function artifactHandlers(engine: Engine): Handlers<Names> {
  const find = async (ref: string, artifact: string, context: CallContext): Promise<Artifact> => {
    const { snapshot, artifacts } = await engine.load(ref, context, allArtifacts());
    return pickArtifact(artifacts, artifact, `${snapshot.build.project}:${snapshot.build.buildNumber}`);
  };
  return {
    async registerArtifact({ params, body }, context) {
      const registration = toRegistration(engine, body);
      const warnings = artifactWarnings(body.artifactPath, body.checksum);
      const options = { operation: 'registerArtifact', needs } as const;
      return engine.once(params.buildId, context, options, (draft, loaded) => {
        const redacted = redactFields(registration, ['metadata'], redactorOf(engine, loaded));
        const artifact = decideRegister(draft, redacted, signerOf(engine));
        return () => ({ ...artifact, warnings });
      });
    },
    async listArtifacts({ params, query }, context) {
      const { snapshot } = await engine.load(params.buildId, context);
      const { limit: _, cursor: __, skip: ___, ...filter } = query;
      const { items, next } = await engine.parts.store.listArtifacts(snapshot.build.id, {
        ...pageOf(query),
        ...filter,
      });
      return { body: items, next };
    },
    async getArtifact({ params }, context) {
      return { body: await find(params.buildId, params.artifactId, context) };
    },
    async updateArtifact({ params, body }, context) {
      const options = { operation: 'updateArtifact', needs, changes: artifactIn(params.artifactId) } as const;
      return engine.once(params.buildId, context, options, (draft, loaded) => {
        const edit = redactFields(given(body), ['metadata'], redactorOf(engine, loaded));
        const artifact = decideUpdateArtifact(draft, params.artifactId, edit, signerOf(engine));
        return () => artifact;
      });
    },
    async deleteArtifact({ params }, context) {
      const options = { needs: allArtifacts, changes: artifactIn(params.artifactId) };
      await engine.change(params.buildId, context, options, (draft) =>
        decideDeleteArtifact(draft, params.artifactId),
      );
      return { body: undefined };
    },
    async promoteArtifact({ params, body = {} }, context) {
      const changes = artifactIn(params.artifactId);
      const options = { operation: 'promoteArtifact', needs, changes } as const;
      return engine.once(params.buildId, context, options, (draft, loaded) => {
        const redact = redactorOf(engine, loaded);
        const artifact = decidePromotion(draft, params.artifactId, {
          promotedBy: body.promotedBy ?? context.actor.id,
          reason: body.reason === undefined ? null : redact(body.reason),
        });
        return () => artifact;
      });
    },
    async pinArtifact({ params }, context) {
      const changes = artifactIn(params.artifactId);
      const options = { operation: 'pinArtifact', needs: allArtifacts, changes } as const;
      return engine.once(params.buildId, context, options, (draft) => {
        const artifact = decidePin(draft, params.artifactId, true);
        return () => artifact;
      });
    },
    async unpinArtifact({ params }, context) {
      const options = { needs: allArtifacts, changes: artifactIn(params.artifactId) };
      await engine.change(params.buildId, context, options, (draft) =>
        decidePin(draft, params.artifactId, false),
      );
      return { body: undefined };
    },
    async verifyArtifact({ params, body = {} }, context) {
      const { snapshot, artifacts } = await engine.load(params.buildId, context, allArtifacts());
      const { id, project, buildNumber } = snapshot.build;
      // A request that was answered must not look at the bytes again.
      const before = await engine.answeredBefore(id, 'verifyArtifact', context);
      if (before !== undefined) return before;
      const artifact = pickArtifact(artifacts, params.artifactId, `${project}:${buildNumber}`);
      const seen =
        body.verificationStatus !== undefined
          ? { status: body.verificationStatus }
          : await engine.parts.inspector?.inspect(artifact, { deep: body.deep ?? false });
      const { status, problem } = { problem: undefined, ...(seen ?? { status: 'unverified' as const }) };
      const changes = artifactIn(params.artifactId);
      const options = { operation: 'verifyArtifact', needs: allArtifacts, changes } as const;
      return engine.once(params.buildId, context, options, (draft) => {
        const verified = decideVerification(draft, artifact.id, status);
        return () => ({ ...verified, warnings: inspectionWarnings(status, problem) });
      });
    },
  };
}
