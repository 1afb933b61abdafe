/** A failed file operation in the words of Go's `os` package: `open F: no such file or directory`. */
export const fileError = (error: unknown, path: string): string => {
  const { code = '', syscall = 'open', message } = error as NodeJS.ErrnoException;
  return `${syscall} ${path}: ${words.get(code) ?? message}`;
};

const words = new Map([
  ['EACCES', 'permission denied'],
  ['EISDIR', 'is a directory'],
  ['ENOENT', 'no such file or directory'],
  ['ENOTDIR', 'not a directory'],
  ['EROFS', 'read-only file system'],
]);
