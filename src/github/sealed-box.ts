/**
 * Encrypts a text for the owner of a public key, as GitHub asks for secrets: libsodium's crypto_box_seal. Both the key
 * and the result are base64. The library is an engine of its own (WebAssembly), which is started only when it is needed;
 * eager keeps it in the one file of the bundle.
 */
export async function sealFor(publicKey: string, text: string): Promise<string> {
  const { default: sodium } = await import(/* webpackMode: "eager" */ 'libsodium-wrappers');
  await sodium.ready;
  const sealed = sodium.crypto_box_seal(Buffer.from(text), Buffer.from(publicKey, 'base64'));
  return Buffer.from(sealed).toString('base64');
}

/** Whether a text is base64 of as many bytes as a public key of crypto_box has. */
export function isPublicKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text);
}
