import forge from 'node-forge';

/** One ASN.1 value, as node-forge holds it. */
export type Asn1 = forge.asn1.Asn1;

const { Class, Type } = forge.asn1;

/** As forge's source has them: its published types know neither the options nor context-specific tags. */
const { create, fromDer } = forge.asn1 as unknown as {
  readonly create: (tagClass: number, tag: number, constructed: boolean, value: string | Asn1[]) => Asn1;
  readonly fromDer: (bytes: string, options: { readonly decodeBitStrings: boolean }) => Asn1;
};

export function encode(value: Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(value).getBytes(), 'latin1');
}

/** Parses one value that fills `der`; throws on anything else. Bit strings stay bytes, whatever they hold. */
export function decode(der: Buffer): Asn1 {
  return fromDer(der.toString('latin1'), { decodeBitStrings: false });
}

export function sequence(...items: Asn1[]): Asn1 {
  return create(Class.UNIVERSAL, Type.SEQUENCE, true, items);
}

export function set(...items: Asn1[]): Asn1 {
  return create(Class.UNIVERSAL, Type.SET, true, items);
}

export function oid(dotted: string): Asn1 {
  return primitive(Type.OID, forge.asn1.oidToDer(dotted).getBytes());
}

export function integer(value: number): Asn1 {
  return primitive(Type.INTEGER, forge.asn1.integerToDer(value).getBytes());
}

/** A positive integer from its big-endian bytes, of which the first must be below 0x80. */
export function integerOf(bytes: Buffer): Asn1 {
  return primitive(Type.INTEGER, bytes.toString('latin1'));
}

export function octetString(bytes: Buffer): Asn1 {
  return primitive(Type.OCTETSTRING, bytes.toString('latin1'));
}

export function bitString(bytes: Buffer, unusedBits = 0): Asn1 {
  return primitive(Type.BITSTRING, Buffer.from([unusedBits, ...bytes]).toString('latin1'));
}

export function utf8String(text: string): Asn1 {
  return primitive(Type.UTF8, Buffer.from(text, 'utf8').toString('latin1'));
}

export function trueValue(): Asn1 {
  return primitive(Type.BOOLEAN, '\xff');
}

export function nullValue(): Asn1 {
  return primitive(Type.NULL, '');
}

/** UTCTime up to 2049, GeneralizedTime from then on (RFC 5280, section 4.1.2.5). */
export function time(date: Date): Asn1 {
  return date.getUTCFullYear() < 2050
    ? primitive(Type.UTCTIME, forge.asn1.dateToUtcTime(date))
    : primitive(Type.GENERALIZEDTIME, forge.asn1.dateToGeneralizedTime(date));
}

/** `[tag] EXPLICIT`: a value in a wrapper of its own. */
export function explicit(tag: number, value: Asn1): Asn1 {
  return create(Class.CONTEXT_SPECIFIC, tag, true, [value]);
}

/** `[tag] IMPLICIT` of a primitive type: bytes under another tag. */
export function implicit(tag: number, bytes: Buffer): Asn1 {
  return create(Class.CONTEXT_SPECIFIC, tag, false, bytes.toString('latin1'));
}

/** The number of a context-specific tag, or undefined for a value of a universal type. */
export function contextTag(value: Asn1 | undefined): number | undefined {
  return value?.tagClass === Class.CONTEXT_SPECIFIC ? value.type : undefined;
}

/** What a constructed value consists of; throws if it is primitive. */
export function itemsOf(value: Asn1 | undefined): readonly Asn1[] {
  if (value === undefined || typeof value.value === 'string')
    throw new Error('a constructed value is expected');
  return value.value;
}

/** The content of a primitive value; throws if it is constructed. */
export function bytesOf(value: Asn1 | undefined): Buffer {
  if (typeof value?.value !== 'string') throw new Error('a primitive value is expected');
  return Buffer.from(value.value, 'latin1');
}

export function oidOf(value: Asn1 | undefined): string {
  return forge.asn1.derToOid(bytesOf(value).toString('latin1'));
}

/** An integer of any size; throws if it is negative or none. */
export function integerValueOf(value: Asn1 | undefined): bigint {
  const bytes = bytesOf(value);
  const [first] = bytes;
  if (value?.type !== Type.INTEGER || first === undefined || first > 0x7f) {
    throw new Error('a positive integer is expected');
  }
  return BigInt(`0x${bytes.toString('hex')}`);
}

function primitive(type: forge.asn1.Type, content: string): Asn1 {
  return create(Class.UNIVERSAL, type, false, content);
}
