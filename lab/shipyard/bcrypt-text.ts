import { randomInt, scrypt, timingSafeEqual } from 'node:crypto';

const alphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `length` random characters of the alphabet that bcrypt writes its hashes in. */
export const randomText = (length: number): string =>
  Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');

/** A token: what `bcrypt` of something random looks like. Two are never the same. */
export const newToken = (): string => `$2a$10$${randomText(53)}`;

/**
 * A password's hash in the form of bcrypt, so that clients see what they would see. Inside it is scrypt (Node
 * has no bcrypt), of the first 72 bytes only, as bcrypt does.
 */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomText(22);
  return `$2a$10$${salt}${await digest(password, salt)}`;
};

/** True for a password with the same first 72 bytes as the one that was hashed. */
export const isPassword = async (password: string, hash: string): Promise<boolean> => {
  const salt = hash.slice(7, 29);
  return timingSafeEqual(Buffer.from(await digest(password, salt)), Buffer.from(hash.slice(29)));
};

const digest = (password: string, salt: string): Promise<string> =>
  new Promise((resolve, reject) => {
    scrypt(Buffer.from(password).subarray(0, 72), salt, 31, { N: 1024 }, (error, key) => {
      if (error === null) {
        resolve([...key].map((byte) => alphabet.charAt(byte % alphabet.length)).join(''));
      } else {
        reject(error);
      }
    });
  });
