import { type CommandOptions, type CommandResult, run, runOrThrow } from './command.ts';

/** Runs the docker client against the lab's engine (DOCKER_HOST of this process) and returns its stdout, trimmed. */
export async function docker(args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return (await runOrThrow(['docker', ...args], options)).trim();
}

/** The same, with the exit code as a value. */
export function tryDocker(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return run(['docker', ...args], options);
}

/** The lines of a docker listing; empty when it lists nothing. */
export async function dockerLines(args: readonly string[]): Promise<readonly string[]> {
  return (await docker(args)).split('\n').filter((line) => line !== '');
}
