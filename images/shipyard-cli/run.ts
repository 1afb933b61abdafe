import { createClient } from './client.ts';
import { commands } from './commands/all.ts';
import type { Command } from './command.ts';
import { loadConfig, needConfig, type Found } from './config.ts';
import { Fatal, Panic } from './exit.ts';
import { fatalLine } from './fatal-line.ts';
import { flagsFirst, parseFlags, type Flag, type Parsed } from './flags.ts';
import { appHelp, commandHelp } from './help.ts';
import type { Io } from './io.ts';

const version = '2.0.10';

/**
 * Runs `shipyard` with that command line (its first word is the program) and gives the exit status: 0, also for what
 * the original calls incorrect usage; 1 after a fatal error, written to standard output; 2 where the original panics.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const started = io.now();
  try {
    // Before anything else, help and version included: a broken file stops every command.
    await dispatch(argv.slice(1), loadConfig(io), io);
    return 0;
  } catch (error) {
    if (error instanceof Fatal) {
      io.stdout.write(fatalLine(error.message, started, io));
      return 1;
    }
    if (error instanceof Panic) {
      io.stderr.write(`panic: ${error.message}\n\ngoroutine 1 [running]:\n`);
      return 2;
    }
    throw error;
  }
};

const globalFlags: readonly Flag[] = [
  { kind: 'switch', names: ['allow-insecure'], usage: 'allow insecure certificates if using TLS' },
  { kind: 'switch', names: ['help', 'h'], usage: 'show help' },
  { kind: 'switch', names: ['generate-bash-completion'], usage: '' },
  { kind: 'switch', names: ['version', 'v'], usage: 'print the version' },
];

const helpFlag: Flag = { kind: 'switch', names: ['help', 'h'], usage: 'show help' };

const dispatch = async (args: readonly string[], found: Found, io: Io): Promise<void> => {
  const flags = parseFlags(globalFlags, args);
  const help = appHelp(commands, globalFlags, version);
  if (flags === undefined) {
    io.stdout.write(`Incorrect Usage.\n\n${help}\n`);
    return;
  }
  if (flags.isOn('version') && !flags.isOn('help')) {
    io.stdout.write(`shipyard version ${version}\n`);
    return;
  }
  const [name, ...rest] = flags.rest;
  const isHelp = name === 'help' || name === 'h';
  const topic = isHelp ? rest[0] : name;
  if (topic === undefined || flags.isOn('help')) {
    io.stdout.write(help);
    return;
  }
  const chosen = commands.find((command) => command.name === topic);
  if (chosen === undefined) {
    io.stdout.write(`No help topic for '${topic}'\n`);
  } else if (isHelp) {
    io.stdout.write(commandHelp(chosen));
  } else {
    await runCommand(chosen, { args: rest, global: flags, found, io });
  }
};

type Call = {
  readonly args: readonly string[];
  readonly global: Parsed;
  readonly found: Found;
  readonly io: Io;
};

const runCommand = async (command: Command, { args, global, found, io }: Call): Promise<void> => {
  const flags = parseFlags([...command.flags, helpFlag], flagsFirst(args));
  if (flags === undefined) {
    io.stdout.write(`Incorrect Usage.\n\n${commandHelp(command)}\n`);
    return;
  }
  if (flags.isOn('help')) {
    io.stdout.write(commandHelp(command));
    return;
  }
  if (command.action === undefined) {
    throw new Fatal(`${command.name} is not built into this shipyard`);
  }
  const allowInsecure = global.isOn('allow-insecure');
  const client = (): ReturnType<typeof createClient> => {
    const config = needConfig(found);
    return createClient({ ...config, allowInsecure: allowInsecure || config.allowInsecure }, io);
  };
  await command.action({ io, flags, client, allowInsecure });
};
