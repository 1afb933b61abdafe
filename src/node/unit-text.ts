/** One file of a unit, as `systemctl cat` prints them: the unit itself, then its drop-ins in the order they apply. */
export type UnitFile = { readonly path: string; readonly text: string };

/** A setting that is in force, and the file that it comes from. */
export type Setting = { readonly path: string; readonly value: string };

/** The files in the output of `systemctl cat`; what stands before the first, such as a warning, is none. */
export function unitFiles(systemctlCat: string): readonly UnitFile[] {
  const [, ...parts] = systemctlCat.split(HEADER);
  return parts.flatMap((path, index) =>
    index % 2 === 0 ? [{ path, text: (parts[index + 1] ?? '').trim() }] : [],
  );
}

/** The values of a key that may be given several times, in order. An empty one forgets those before (systemd.syntax(7)). */
export function settings(files: readonly UnitFile[], key: string): readonly Setting[] {
  return files
    .flatMap(({ path, text }) => assignments(text, key).map((value) => ({ path, value })))
    .reduce<readonly Setting[]>((all, one) => (one.value === '' ? [] : [...all, one]), []);
}

/**
 * The comment line that begins a file. Comments inside a unit may name a path as well, so it must be the whole line
 * and lie where systemd looks for units (systemd.unit(5)).
 */
const HEADER =
  /^# (\/(?:etc|run|lib|usr\/lib|usr\/local\/lib)\/systemd\/\S+\.(?:service|socket|conf))[ \t]*$/m;

function assignments(text: string, key: string): readonly string[] {
  return text
    .replace(/^[ \t]*[#;].*\n?/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .flatMap((line) => {
      const [name = '', ...value] = line.split('=');
      return name.trim() === key && value.length > 0 ? [value.join('=').trim()] : [];
    });
}
