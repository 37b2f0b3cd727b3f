import type { ArtifactRecord, DownloadedArtifact, UploadedArtifact } from '@buildstate/client';
import { moment } from '../output/amounts.ts';
import { namedVariables, variableName } from '../output/shell-variables.ts';
import { details, table } from '../output/table.ts';
import type { EnvironmentVariables, View } from '../output/view.ts';
import { paintStatus, sizeText } from './build.ts';

const yesNo = (value: boolean) => (value ? 'yes' : 'no');

/** The checksum with its algorithm: `sha256:…`. */
export function checksumText({ checksum, checksumAlgorithm }: ArtifactRecord): string | undefined {
  if (checksum === null) return undefined;
  return checksumAlgorithm === null || checksum.includes(':') ? checksum : `${checksumAlgorithm}:${checksum}`;
}

/** Where artifacts are, for scripts. */
function artifactVariables(artifacts: readonly ArtifactRecord[]): EnvironmentVariables {
  return namedVariables(
    'BLDST_ARTIFACT_',
    artifacts.map(({ artifactName, artifactPath }) => [artifactName, artifactPath]),
  );
}

/** One artifact. */
export function artifactView(artifact: ArtifactRecord): View {
  return {
    body: artifact,
    ids: () => [artifact.id],
    variables: () => ({ BLDST_BUILD_ID: artifact.buildId, ...artifactVariables([artifact]) }),
    text: (style) =>
      details(style, [
        ['Name', artifact.artifactName],
        ['Id', artifact.id],
        ['Version', String(artifact.version)],
        ['Type', artifact.artifactType],
        ['State', String(artifact.stateCode)],
        ['Path', artifact.artifactPath],
        ['Backend', artifact.storageBackend],
        ['Size', sizeText(artifact.sizeBytes)],
        ['Checksum', checksumText(artifact)],
        ['Verification', artifact.verificationStatus, (text) => paintStatus(style, text)],
        ['Verified', moment(artifact.lastVerifiedAt, style.now)],
        ['Resumable', yesNo(artifact.isResumable)],
        ['Final', yesNo(artifact.isFinal)],
        ['Pinned', moment(artifact.pinnedAt, style.now)],
        ['Promoted', moment(artifact.promotedAt, style.now)],
        ['Promoted by', artifact.promotedBy],
        ['Promoted because', artifact.promotionReason],
        ['Expires', moment(artifact.expiresAt, style.now)],
        ['Superseded by', artifact.supersededBy],
        ['Created', moment(artifact.createdAt, style.now)],
        ['Deleted', moment(artifact.deletedAt, style.now)],
      ]),
  };
}

/** The artifacts of a build, with what decides whether they can be used. */
export function artifactListView(artifacts: readonly ArtifactRecord[]): View {
  return {
    body: artifacts,
    ids: () => artifacts.map(({ id }) => id),
    variables: () => artifactVariables(artifacts),
    text: (style) =>
      artifacts.length === 0
        ? 'No artifacts.'
        : table(style, artifacts, [
            { title: 'Artifact ID', value: ({ id }) => id, cuttable: true },
            { title: 'Name', value: ({ artifactName }) => artifactName },
            { title: 'Type', value: ({ artifactType }) => artifactType },
            { title: 'State Code', value: ({ stateCode }) => String(stateCode), align: 'right' },
            { title: 'Size', value: ({ sizeBytes }) => sizeText(sizeBytes), align: 'right' },
            { title: 'Resumable', value: ({ isResumable }) => yesNo(isResumable) },
            {
              title: 'Verification',
              value: ({ verificationStatus }) => verificationStatus,
              paint: (text, { verificationStatus }) => paintStatus(style, verificationStatus, text),
            },
            ...(new Set(artifacts.map(({ buildId }) => buildId)).size > 1
              ? [{ title: 'Of build', value: ({ buildId }: ArtifactRecord) => buildId, cuttable: true }]
              : []),
            { title: 'Path', value: ({ artifactPath }) => artifactPath, cuttable: true },
          ]),
  };
}

/** The artifacts that a build can resume from: five columns that scripts know. */
export function resumableArtifactsView(artifacts: readonly ArtifactRecord[]): View {
  return {
    body: artifacts,
    ids: () => artifacts.map(({ id }) => id),
    variables: () => artifactVariables(artifacts),
    text: (style) =>
      artifacts.length === 0
        ? 'No resumable artifacts.'
        : table(style, artifacts, [
            { title: 'Artifact ID', value: ({ id }) => id },
            { title: 'Name', value: ({ artifactName }) => artifactName },
            { title: 'Type', value: ({ artifactType }) => artifactType },
            { title: 'State Code', value: ({ stateCode }) => String(stateCode), align: 'right' },
            { title: 'Size', value: ({ sizeBytes }) => sizeText(sizeBytes), align: 'right' },
          ]),
  };
}

/** What was stored. */
export function uploadedView(uploaded: UploadedArtifact, name: string): View {
  const { artifact, report } = uploaded;
  const id =
    artifact?.id ?? (report?.delivered === true ? (report.answer.artifactId ?? undefined) : undefined);
  return {
    body: artifact ?? {
      artifactName: name,
      id: id ?? null,
      artifactPath: uploaded.path,
      sizeBytes: uploaded.sizeBytes,
      checksum: uploaded.sha256,
      checksumAlgorithm: 'sha256',
      ...(report?.delivered === true ? { report: report.answer } : { delivered: false }),
    },
    ids: () => (id === undefined ? [] : [id]),
    variables: () => ({ [variableName('BLDST_ARTIFACT_', name)]: uploaded.path }),
    text: (style) =>
      details(style, [
        ['Stored', name],
        ['Id', id],
        ['Path', uploaded.path],
        ['Size', sizeText(uploaded.sizeBytes)],
        ['SHA-256', uploaded.sha256],
      ]),
  };
}

/** What was fetched and found right. */
export function downloadedView({ artifact, path, sha256, sizeBytes }: DownloadedArtifact): View {
  return {
    body: { artifact, path: path ?? null, sha256, sizeBytes, verified: true },
    ids: () => [artifact.id],
    variables: () => ({ [variableName('BLDST_ARTIFACT_', artifact.artifactName)]: path }),
    text: (style) =>
      details(style, [
        ['Verified', artifact.artifactName],
        ['Id', artifact.id],
        ['File', path],
        ['Size', sizeText(sizeBytes)],
        ['SHA-256', sha256],
      ]),
  };
}
