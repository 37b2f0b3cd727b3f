import { describeArtifactBackend } from '@buildstate/conformance/backend';
import { openFsBackend } from '../../src/fs/index.ts';
import { makeFolder } from '../temporary-folder.ts';

describeArtifactBackend(
  'a folder',
  async () => {
    const { path, remove } = makeFolder();
    const open = () => openFsBackend({ root: path });
    return { backend: await open(), reopen: open, cleanup: async () => remove() };
  },
  { conditionalPut: true, flatKeys: false, resumableUploads: true },
);
