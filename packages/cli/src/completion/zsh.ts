import { shellQuote } from '../output/shell-variables.ts';
import type { CompletedCommand, CompletedFlag, CompletedWords } from './describe.ts';

/** A text in which nothing ends the part of a specification that it stands in. */
function inSpecification(text: string): string {
  return text.replaceAll(/[\\:[\]]/g, (character) => `\\${character}`);
}

/** Names with what they mean, as `_describe` takes them. */
function described(entries: readonly (readonly [name: string, summary: string])[]): string {
  return entries.map(([name, summary]) => shellQuote(`${name}:${inSpecification(summary)}`)).join(' ');
}

/** A flag as `_arguments` takes it, once for each of its spellings. */
function flagSpecifications({ name, short, summary, takesValue, values }: CompletedFlag): string[] {
  const choices = values.length > 0 ? `(${values.join(' ')})` : '_files';
  const value = takesValue ? `:value:${choices}` : '';
  const names = short === undefined ? [name] : [short, name];
  return names.map((spelling) => shellQuote(`*${spelling}[${inSpecification(summary)}]${value}`));
}

function commandCase({ id, flags }: CompletedCommand): string {
  const specifications = [...flags.flatMap(flagSpecifications), "'--help[Show help.]'", "'*:file:_files'"];
  return `    ${shellQuote(id)})\n      _arguments ${specifications.join(' \\\n        ')}\n      ;;`;
}

/** A completion script for zsh. */
export function zshCompletion({ topics, commands }: CompletedWords): string {
  const bare = commands.filter(({ id }) => !id.includes(' '));
  const first = [...Object.entries(topics), ...bare.map(({ id, summary }) => [id, summary] as const)];
  const verbs = Object.keys(topics).map((topic) => {
    const own = commands.filter(({ id }) => id.startsWith(`${topic} `));
    const choices = described(own.map(({ id, summary }) => [id.slice(topic.length + 1), summary]));
    return `      ${topic}) choices=(${choices}) ;;`;
  });
  return `#compdef bldst
# Completion of bldst for zsh: source <(bldst completion zsh), after compinit
_bldst() {
  local -a choices
  local command=$words[2]
  integer named=1
  case $command in
    ${Object.keys(topics).join('|')}) command="$command $words[3]" named=2 ;;
  esac
  if (( CURRENT == 2 )); then
    choices=(${described(first)})
    _describe -t commands command choices
    return
  elif (( CURRENT == 3 && named == 2 )); then
    case $words[2] in
${verbs.join('\n')}
    esac
    _describe -t commands command choices
    return
  fi
  # What follows is about the words after the command alone.
  shift $named words
  (( CURRENT -= named ))
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}
compdef _bldst bldst`;
}
