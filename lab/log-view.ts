import { type Progress, seconds } from './progress.ts';
import { parseWorkflowCommand } from './workflow-command.ts';

/** Shows a job's log in a terminal: groups as headings that say how long they took, annotations by their level. */
export function logView(progress: Progress): Progress {
  let group = { title: '', started: 0 };
  return (line) => {
    const command = parseWorkflowCommand(line);
    const value = command?.value ?? '';
    switch (command?.name ?? '') {
      case 'group':
        group = { title: value, started: performance.now() };
        progress(`  ${value} …`);
        break;
      case 'endgroup':
        progress(`  ${group.title}: ${seconds(performance.now() - group.started)}`);
        break;
      case 'error':
      case 'warning':
      case 'notice':
        value.split('\n').forEach((text) => {
          progress(`    ${command?.name ?? ''}: ${text.trim()}`);
        });
        break;
      case 'add-mask':
      case 'debug':
        break;
      default:
        progress(`    ${line.trim()}`);
    }
  };
}
