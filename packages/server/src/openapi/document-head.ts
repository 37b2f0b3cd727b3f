import type { OpenAPIV3_1 } from 'openapi-types';

const tags: readonly (readonly [name: string, description: string])[] = [
  ['Health', 'Whether the server lives, takes work, and how it fares.'],
  ['Projects', 'Families of images with their own catalogue, policies and place for artifacts.'],
  ['Dashboard', 'How the builds stand at a glance.'],
  ['Figures', 'What builds, failures, resumes and artifacts add up to, and builds side by side.'],
  ['Reference data', 'Platforms, OS versions, image types and the like, which builds point to.'],
  ['State codes', "A project's catalogue of states."],
  ['Retry policies', 'What happens after a failure.'],
  ['Builds', 'Runs that produce one image each.'],
  ['Branches', 'Parallel work inside a build: builds that go on from a fork by themselves.'],
  ['Events', 'What happened to builds, as lists and live.'],
  ['States', 'Transitions of builds and their history.'],
  ['Leases', 'The right to advance a build, with a fencing token.'],
  ['Artifacts', 'What states produced.'],
  ['Transfer', 'Bytes of artifacts that the server keeps on its own disk.'],
  ['Variables', 'Values that a resumed build needs.'],
  ['Resume', 'Continuing at the right state with verified artifacts.'],
  ['Jobs', 'CI jobs behind builds.'],
  ['Keys', 'API keys, and access tokens of people who log in.'],
];

const description = `Tracks long machine-image builds so that they resume where they failed.

Send a key as \`X-API-Key\` or \`Authorization: Bearer\`. Errors are RFC 9457 problems with a stable \`code\`. Unknown
fields are refused. Lists are plain arrays; the next page is in the \`Link\` header. Every answer carries
\`X-Request-Id\`. Any POST or PATCH takes \`Idempotency-Key\`, single things have an \`ETag\`, and changes of them
take \`If-Match\`. Paths work with and without a trailing slash.`;

/** What the OpenAPI document says besides its routes. */
export function documentHead(version: string): Partial<OpenAPIV3_1.Document> {
  return {
    openapi: '3.1.0',
    info: { title: 'BuildState', version, description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/', description: 'This server' }],
    tags: tags.map(([name, text]) => ({ name, description: text })),
    components: {
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer', description: 'The same keys, or an access token.' },
      },
    },
  };
}
