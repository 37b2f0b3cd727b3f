import type { Artifact } from '../artifact/artifact.ts';
import { parseChecksum } from '../artifact/checksum.ts';
import type { ArtifactSigner, Registration } from '../artifact/decide-register.ts';
import { checkPlace } from '../artifact/storage-type.ts';
import { ValidationError } from '../errors/validation-error.ts';
import type { CheckedInput } from '../wire/contract.ts';
import type { Engine } from './engine.ts';

type Body = CheckedInput<'registerArtifact'>['body'];

/** Checks the digest and its algorithm together. @throws ValidationError */
function checksumOf(body: Body) {
  const { checksum, checksumAlgorithm } = body;
  if (checksum === undefined || checksum === null) return null;
  const parsed = parseChecksum(checksum);
  if (!checksumAlgorithm || checksumAlgorithm === parsed.algorithm) return parsed;
  const message = `says ${checksumAlgorithm}, but the checksum is ${parsed.algorithm}`;
  throw new ValidationError(`checksum_algorithm ${message}.`, {
    problems: [{ path: 'checksum_algorithm', message }],
  });
}

/** A checked body as the registration that decisions understand. @throws ValidationError */
export function toRegistration(engine: Engine, body: Body): Registration {
  checkPlace(body.storageBackend, body.artifactPath, 'artifact_path');
  return {
    id: body.id ?? engine.uuid(),
    stateCode: body.stateCode,
    artifactName: body.artifactName,
    artifactType: body.artifactType,
    artifactPath: body.artifactPath,
    storageBackend: body.storageBackend,
    storageRegion: body.storageRegion ?? null,
    storageBucket: body.storageBucket ?? null,
    storageKey: body.storageKey ?? null,
    sizeBytes: body.sizeBytes ?? null,
    checksum: checksumOf(body),
    contentType: body.contentType ?? null,
    isResumable: body.isResumable ?? true,
    isFinal: body.isFinal ?? false,
    expiresAt: body.expiresAt ?? null,
    metadata: body.metadata ?? {},
    parents: body.parents ?? [],
    verificationStatus: body.verificationStatus ?? 'unverified',
    replace: body.replace ?? false,
    leaseToken: body.leaseToken ?? null,
  };
}

/** Signs records whose bytes are known by a SHA-256, where the engine was given a signer. */
export function signerOf(engine: Engine): ArtifactSigner {
  const { sign } = engine.parts;
  return (artifact: Artifact) => (sign && artifact.checksumAlgorithm === 'sha256' ? sign(artifact) : null);
}
