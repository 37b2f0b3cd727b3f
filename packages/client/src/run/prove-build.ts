import { IntegrityError, StorageNotFoundError } from '@buildstate/core';
import type { ResumeContext } from '../api/resume.ts';
import type { Surroundings } from '../step/surroundings.ts';

type Proven = ResumeContext['proof'][number];

/** Reads an artifact that the tracker cannot look at from here; bad bytes are recorded by whoever reads them. */
async function readHere(around: Surroundings, buildId: string, { artifactId, artifactName }: Proven) {
  try {
    const options = { verifyOnly: true, signal: around.interrupts.aborted };
    await around.client.artifacts.download(buildId, artifactId, '', options);
  } catch (error) {
    if (!(error instanceof IntegrityError || error instanceof StorageNotFoundError)) throw error;
    around.notes.warn(`The artifact "${artifactName}" cannot be used: ${error.message}`);
  }
}

/**
 * Proves the artifacts that a build would go on from, and says which are bad: the states that made those run again,
 * because what is found is recorded. What the tracker cannot reach is read from here if it is to be hashed.
 */
export async function proveBuild(
  around: Surroundings,
  buildId: string,
  verify: true | 'deep',
): Promise<void> {
  const { client, notes } = around;
  const { proof } = await client.resume.context(buildId, { verify });
  for (const proven of proof) {
    const { artifactName: name, stateCode, status, problem = 'nobody can look at it' } = proven;
    if (status === 'missing' || status === 'corrupt')
      notes.warn(`The artifact "${name}" of state ${stateCode} is ${status}: ${problem}`);
    else if (status === 'unverified' && verify === 'deep') await readHere(around, buildId, proven);
    else if (status === 'unverified') notes.warn(`The artifact "${name}" is not proven: ${problem}`);
  }
}
