import { describeArtifactBackend } from '@buildstate/conformance/backend';
import { type AzureOptions, openAzureBackend } from '../../src/azure/index.ts';
import { azureTestPlace } from './azurite.ts';

const place = azureTestPlace();

function describeProfile(name: string, options: AzureOptions): void {
  describeArtifactBackend(
    `Azure Blob Storage, ${name}`,
    async () => {
      const uri = place.newUri();
      const open = () => openAzureBackend(uri, { ...place.options(), ...options });
      return { backend: await open(), reopen: open, cleanup: async () => undefined };
    },
    { conditionalPut: true, resumableUploads: true },
  );
}

describeProfile('as it is used by default', {});
describeProfile('without checksums, in the cool tier', { checksums: 'none', tier: 'Cool' });
