import * as Args from '@oclif/core/args';
import type { CommandLoaders } from '../base/command-class.ts';
import type { LightConfig } from '../base/light-config.ts';
import { OutputCommand } from '../base/output-command.ts';
import { bashCompletion } from '../completion/bash.ts';
import { completedWords } from '../completion/describe.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { writeText } from '../output/write-text.ts';

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** `bldst completion` */
export default class Completion extends OutputCommand {
  static override summary = 'Print what makes a shell complete commands and flags.';
  static override description = [
    'bash: put source <(bldst completion bash) into ~/.bashrc.',
    'zsh: put source <(bldst completion zsh) into ~/.zshrc, after compinit.',
    'fish: bldst completion fish > ~/.config/fish/completions/bldst.fish.',
  ].join('\n');
  static override args = {
    shell: Args.string({
      description: 'The shell.',
      required: true,
      options: Object.keys(shells),
      ignoreStdin: true,
    }),
  };
  static override examples = [
    { description: 'For this shell', command: 'source <(<%= config.bin %> completion bash)' },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(Completion);
    const { loaders } = this.config as unknown as LightConfig;
    const script = shells[args.shell as keyof typeof shells](await completedWords(loaders as CommandLoaders));
    await writeText(this.session.stdout, `${script}\n`);
  }
}
