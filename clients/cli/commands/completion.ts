import { Argument, Command } from 'commander';

/** `carillon completion`: a script for the shell. */
export function completionCommand(all: Command): Command {
  return new Command('completion')
    .description('Print a completion script of commands and options for a shell')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', '\nExample:\n  carillon completion bash\n')
    .action((shell: string) => console.log(SCRIPTS[shell as keyof typeof SCRIPTS](all)));
}

const names = (all: Command) => all.commands.map((command) => command.name());
const options = (command: Command) => command.options.flatMap(({ long }) => (long ? [long] : []));

const SCRIPTS = {
  bash: (all: Command) => `# eval "$(carillon completion bash)"
_carillon() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${names(all).join(' ')}" -- "$word")); return; fi
  case "\${COMP_WORDS[1]}" in
${all.commands.map((command) => `    ${command.name()}) COMPREPLY=($(compgen -W "${options(command).join(' ')}" -- "$word")) ;;`).join('\n')}
  esac
}
complete -o default -F _carillon carillon`,
  zsh: (all: Command) => `# eval "$(carillon completion zsh)"
autoload -U +X bashcompinit && bashcompinit
${SCRIPTS.bash(all).split('\n').slice(1).join('\n')}`,
  fish: (all: Command) =>
    [
      '# carillon completion fish | source',
      ...all.commands.map(
        (one) => `complete -c carillon -n __fish_use_subcommand -a ${one.name()} -d '${one.description().replaceAll("'", '')}'`,
      ),
      ...all.commands.flatMap((one) =>
        options(one).map((long) => `complete -c carillon -n '__fish_seen_subcommand_from ${one.name()}' -l ${long.slice(2)}`),
      ),
    ].join('\n'),
};
