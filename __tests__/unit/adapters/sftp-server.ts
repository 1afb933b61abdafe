import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import ssh2, { type Attributes, type Session, type SFTPWrapper } from 'ssh2';

const { STATUS_CODE } = ssh2.utils.sftp;

/** Says what becomes of a request before it is carried out: it waits for a promise, and fails where one rejects. */
export type Interlude = (request: string) => Promise<void> | undefined;

/**
 * Offers SFTP in a session: a directory of this machine is `/home/user`. Every request that was carried out is noted in
 * `journal` as its name and the name of the file, the first one as `sftp`.
 */
export function offerSftp(root: string, journal: string[], before: Interlude): (session: Session) => void {
  return (session) => {
    session.on('sftp', (accept) => {
      void Promise.resolve(before('sftp')).then(() => {
        journal.push('sftp');
        serve(accept(), root, journal, before);
      });
    });
  };
}

function serve(sftp: SFTPWrapper, root: string, journal: string[], before: Interlude): void {
  const open = new Map<string, { readonly name: string; readonly file?: number; isListed?: boolean }>();
  const local = (path: string): string => join(root, path.replace(/^\/home\/user/, ''));
  const entry = (name: string, path: string) => ({ filename: name, longname: name, attrs: attributes(path) });
  const answer = (id: number, request: string, path: string, action: () => void): void => {
    const text = `${request} ${basename(path)}`;
    Promise.resolve(before(text))
      .then(action)
      .then(
        () => void journal.push(text),
        () => sftp.status(id, STATUS_CODE.FAILURE),
      );
  };
  const carryOut = (id: number, request: string, path: string, action: () => void): void =>
    answer(id, request, path, () => {
      action();
      sftp.status(id, STATUS_CODE.OK);
    });
  const opened = (id: number, name: string, file?: number): void => {
    const handle = `${open.size}`;
    open.set(handle, { name, ...(file !== undefined && { file }) });
    sftp.handle(id, Buffer.from(handle));
  };
  const at = (handle: Buffer) => open.get(handle.toString()) ?? { name: '' };

  sftp.on('REALPATH', (id, path) => {
    const name = path === '.' ? '/home/user' : path;
    answer(id, 'realpath', path, () => sftp.name(id, [entry(name, root)]));
  });
  sftp.on('MKDIR', (id, path, { mode }) =>
    carryOut(id, 'mkdir', path, () => mkdirSync(local(path), { mode })),
  );
  sftp.on('OPEN', (id, path, _, { mode }) =>
    answer(id, 'open', path, () => opened(id, path, openSync(local(path), 'w', mode))),
  );
  sftp.on('WRITE', (id, handle, offset, data) => {
    const { name, file = -1 } = at(handle);
    carryOut(id, 'write', name, () => writeSync(file, data, 0, data.length, offset));
  });
  sftp.on('CLOSE', (id, handle) => {
    const { name, file } = at(handle);
    carryOut(id, 'close', name, () => {
      if (file !== undefined) closeSync(file);
    });
  });
  const stat = (id: number, path: string): void =>
    answer(id, 'stat', path, () => sftp.attrs(id, attributes(local(path))));
  sftp.on('LSTAT', stat).on('STAT', stat);
  sftp.on('OPENDIR', (id, path) => answer(id, 'opendir', path, () => opened(id, path)));
  sftp.on('READDIR', (id, handle) => {
    const directory = at(handle);
    if (directory.isListed) {
      sftp.status(id, STATUS_CODE.EOF);
      return;
    }
    directory.isListed = true;
    const path = local(directory.name);
    answer(id, 'readdir', directory.name, () =>
      sftp.name(
        id,
        readdirSync(path).map((name) => entry(name, join(path, name))),
      ),
    );
  });
  sftp.on('REMOVE', (id, path) => carryOut(id, 'remove', path, () => rmSync(local(path))));
  sftp.on('RMDIR', (id, path) => carryOut(id, 'rmdir', path, () => rmdirSync(local(path))));
}

function attributes(path: string): Attributes {
  const { mode, uid, gid, size, atimeMs, mtimeMs } = lstatSync(path);
  return { mode, uid, gid, size, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) };
}
