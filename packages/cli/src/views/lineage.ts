import type { FoundArtifact, Lineage } from '@buildstate/client';
import { ageOf } from '../output/amounts.ts';
import { table } from '../output/table.ts';
import type { View } from '../output/view.ts';
import { checksumText } from './artifact.ts';
import { sizeText } from './build.ts';

type Relative = Lineage['artifact'];

function relativeText({
  known,
  artifactName,
  artifactId,
  project,
  buildNumber,
  stateCode,
}: Relative): string {
  if (!known) return `${artifactId} (not there, or not yours to see)`;
  return `${artifactName ?? artifactId}  ${project}:${buildNumber}, state ${stateCode}`;
}

/** What an artifact was made from and what was made from it: indented by how far away it is. */
export function lineageView(lineage: Lineage): View {
  const { artifact, ancestors, descendants, truncated } = lineage;
  const line = (arrow: string, relative: Relative) =>
    `${'  '.repeat(relative.depth)}${arrow} ${relativeText(relative)}`;
  return {
    body: lineage,
    ids: () => [...ancestors, artifact, ...descendants].map(({ artifactId }) => artifactId),
    text: (style) =>
      [
        style.bold(relativeText(artifact)),
        ancestors.length === 0 ? 'Made from nothing that is recorded.' : 'Made from:',
        ...ancestors.map((relative) => line('<-', relative)),
        descendants.length === 0 ? 'Nothing was made from it.' : 'From it were made:',
        ...descendants.map((relative) => line('->', relative)),
        ...(truncated ? ['There is more: --depth goes further.'] : []),
      ].join('\n'),
  };
}

/** Artifacts that were found over all builds. */
export function foundArtifactsView(artifacts: readonly FoundArtifact[]): View {
  return {
    body: artifacts,
    ids: () => artifacts.map(({ id }) => id),
    text: (style) =>
      artifacts.length === 0
        ? 'No artifacts.'
        : table(style, artifacts, [
            { title: 'Artifact ID', value: ({ id }) => id, cuttable: true },
            { title: 'Build', value: ({ project, buildNumber }) => `${project}:${buildNumber}` },
            { title: 'Name', value: ({ artifactName }) => artifactName },
            { title: 'Type', value: ({ artifactType }) => artifactType },
            { title: 'State', value: ({ stateCode }) => String(stateCode), align: 'right' },
            { title: 'Size', value: ({ sizeBytes }) => sizeText(sizeBytes), align: 'right' },
            { title: 'Age', value: ({ createdAt }) => ageOf(createdAt, style.now), align: 'right' },
            { title: 'Checksum', value: checksumText, cuttable: true },
          ]),
  };
}
