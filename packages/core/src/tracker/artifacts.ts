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
import { NotFoundError } from '../errors/not-found-error.ts';
import type { ArtifactQuery, LoadedBuild } from '../ports/state-store.ts';
import { given } from '../text/given.ts';
import { redactFields } from '../text/redact.ts';
import { signerOf, toRegistration } from './artifact-input.ts';
import type { Changing, Engine } from './engine.ts';
import { everything, type Handlers, pageOf } from './handler.ts';
import { byStateAndAge, pageOfLoaded } from './loaded-lists.ts';
import { redactorOf, withSecrets } from './redaction.ts';
import { artifactWarnings } from './report-input.ts';
import { loadInherited } from './surroundings.ts';
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

type Filter = Pick<ArtifactQuery, 'stateCode' | 'artifactName' | 'artifactType' | 'isResumable' | 'isFinal'>;

/** Whether an inherited artifact is one that a list asks for; all of them are live. */
function isWanted(artifact: Artifact, filter: Filter): boolean {
  const fields = ['stateCode', 'artifactName', 'artifactType', 'isResumable', 'isFinal'] as const;
  return fields.every((field) => filter[field] === undefined || filter[field] === artifact[field]);
}

/** Operations on artifacts. */
export function artifactHandlers(engine: Engine): Handlers<Names> {
  const { store } = engine.parts;
  const find = async (ref: string, artifact: string, context: CallContext): Promise<Artifact> => {
    const { snapshot, artifacts, now } = await engine.load(ref, context, allArtifacts());
    const { build } = snapshot;
    const name = `${build.project}:${build.buildNumber}`;
    try {
      return pickArtifact(artifacts, artifact, name);
    } catch (error) {
      // A branch has those of the builds above it as well.
      if (!(error instanceof NotFoundError) || build.parentBuildId === null) throw error;
      return pickArtifact((await loadInherited(store, build, now)).artifacts, artifact, name);
    }
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
      const { snapshot, now } = await engine.load(params.buildId, context);
      const { limit: _, cursor: __, skip: ___, includeInherited, ...filter } = query;
      const { build } = snapshot;
      if (includeInherited !== true || build.parentBuildId === null) {
        const { items, next } = await store.listArtifacts(build.id, { ...pageOf(query), ...filter });
        return { body: items, next };
      }
      const [own, inherited] = await Promise.all([
        store.listArtifacts(build.id, { ...everything, ...filter }),
        loadInherited(store, build, now),
      ]);
      const above = inherited.artifacts.filter((artifact) => isWanted(artifact, filter));
      const { items, next } = pageOfLoaded([...above, ...own.items], query, byStateAndAge);
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
