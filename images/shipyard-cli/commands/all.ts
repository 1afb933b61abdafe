import { command, type Command } from '../command.ts';
import { accountCommands } from './accounts.ts';
import { clusterCommands, containerCommand } from './cluster.ts';
import { engineCommands } from './engines.ts';
import { loginCommands } from './login.ts';
import { serviceKeyCommands } from './service-keys.ts';

/** The commands of 2.0.10 in the order of its help; those without an action are known, but not built here. */
export const commands: readonly Command[] = [
  ...loginCommands,
  ...accountCommands,
  containerCommand,
  command('inspect', 'inspect container'),
  command('run', 'run a container'),
  command('stop', 'stop a container'),
  command('restart', 'restart a container'),
  command('scale', 'scale a container'),
  command('logs', 'show container logs'),
  command('destroy', 'destroy a container'),
  ...engineCommands,
  ...serviceKeyCommands,
  command('extensions', 'show extensions'),
  command('add-extension', 'add extension'),
  command('remove-extension', 'remove an extension'),
  command('webhook-keys', 'list webhook keys'),
  command('add-webhook-key', 'adds a webhook key'),
  command('remove-webhook-key', 'removes a webhook key'),
  ...clusterCommands,
];
