import { shellQuote } from '../output/shell-variables.ts';
import type { CompletedCommand, CompletedFlag, CompletedWords } from './describe.ts';

function words(list: readonly string[]): string {
  return shellQuote(list.join(' '));
}

function spellings({ name, short }: CompletedFlag): string {
  return short === undefined ? name : `${short}|${name}`;
}

/** The lines that know the flags of a command, and the values of those that have a list of them. */
function commandCase({ id, flags }: CompletedCommand): string {
  const values = flags
    .filter(({ values: known }) => known.length > 0)
    .map((flag) => `      ${spellings(flag)}) values=${words(flag.values)} ;;`);
  const files = flags
    .filter(({ takesValue, values: known }) => takesValue && known.length === 0)
    .map(spellings)
    .join('|');
  return [
    `    ${shellQuote(id)})`,
    `      flags=${words(flags.map(({ name }) => name))}`,
    '      case "$prev" in',
    ...values,
    ...(files === '' ? [] : [`      ${files}) values=@files ;;`]),
    '      esac',
    '      ;;',
  ].join('\n');
}

/** A completion script for bash. */
export function bashCompletion({ topics, commands }: CompletedWords): string {
  const single = commands.filter(({ id }) => !id.includes(' ')).map(({ id }) => id);
  const verbs = Object.keys(topics).map((topic) => {
    const own = commands
      .filter(({ id }) => id.startsWith(`${topic} `))
      .map(({ id }) => id.slice(topic.length + 1));
    return `      ${topic}) choices=${words(own)} ;;`;
  });
  return `# Completion of bldst for bash: source <(bldst completion bash)
_bldst() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  local choices='' flags='' values='' command=\${COMP_WORDS[1]}
  case " ${Object.keys(topics).join(' ')} " in
    *" $command "*) command="$command \${COMP_WORDS[2]-}" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    choices=${words([...Object.keys(topics), ...single])}
  elif [ "$COMP_CWORD" -eq 2 ] && [ "$command" != "\${COMP_WORDS[1]}" ]; then
    case \${COMP_WORDS[1]} in
${verbs.join('\n')}
    esac
  fi
  if [ -n "$choices" ]; then
    mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$cur")
    return
  fi
  case "$command" in
${commands.map(commandCase).join('\n')}
  esac
  if [ "$values" = @files ] || [[ -z $values && $cur != -* ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
  elif [ -n "$values" ]; then
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$cur")
  else
    mapfile -t COMPREPLY < <(compgen -W "$flags --help" -- "$cur")
  fi
}
complete -o filenames -F _bldst bldst`;
}
