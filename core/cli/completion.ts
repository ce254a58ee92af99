import { Argument, type Command } from 'commander';
import { write } from './output.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a script that completes verbs, options and files in a shell')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action(async (shell: Shell) => {
      const verbs = program.commands.map((command) => ({
        name: command.name(),
        description: command.description(),
        options: command.options.flatMap(({ long, short }) => [long, short].filter((name) => name != null)),
      }));
      await write(shell === 'fish' ? fish(verbs) : shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${bash(verbs)}` : bash(verbs));
    });
}

interface Verb {
  readonly name: string;
  readonly description: string;
  readonly options: readonly string[];
}

/** Zsh runs the same script through `bashcompinit`. */
function bash(verbs: readonly Verb[]): string {
  const cases = verbs.map(({ name, options }) => `    ${name}) words='${options.join(' ')}' ;;`);
  return `_hindsight() {
  local words=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${verbs.map(({ name }) => name).join(' ')}' -- "\${COMP_WORDS[1]}"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  case "\${COMP_WORDS[COMP_CWORD]}" in
    -*) COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")) ;;
    *) COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")) ;;
  esac
}
complete -o filenames -F _hindsight hindsight
`;
}

function fish(verbs: readonly Verb[]): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
  return verbs
    .flatMap(({ name, description, options }) => [
      `complete -c hindsight -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
      ...options
        .filter((option) => option.startsWith('--'))
        .map((option) => `complete -c hindsight -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`),
    ])
    .map((line) => `${line}\n`)
    .join('');
}
