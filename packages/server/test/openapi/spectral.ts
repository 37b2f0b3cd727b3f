import spectralCore from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';

const { Spectral } = spectralCore;

/** What Spectral's recommended rules for OpenAPI say of a document. */
export async function spectralProblems(document: object): Promise<string[]> {
  const spectral = new Spectral();
  spectral.setRuleset({
    // Its rules are typed as parts, which rulesets are not.
    extends: [[rulesets.oas as never, 'recommended']],
    // The contact is whoever runs the server, whom the document does not know.
    rules: { 'info-contact': 'off' },
  });
  const problems = await spectral.run(document as Record<string, unknown>);
  return problems.map(({ code, message, path }) => `${code} at ${path.join('/')}: ${message}`);
}
