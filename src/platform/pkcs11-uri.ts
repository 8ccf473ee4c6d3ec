import { err, ok, type Result } from '../kernel/index.ts';

/** A private key in a token, as an RFC 7512 URI names it. The PIN is never in it, only the file that holds it. */
export type Pkcs11Uri = {
  readonly modulePath: string;
  /** The token's label. */
  readonly token: string;
  readonly serial: string | undefined;
  /** The key's label. */
  readonly object: string;
  /** Its CKA_ID, where the label alone does not tell. */
  readonly id: Buffer | undefined;
  readonly pinFile: string;
};

const PATH = ['token', 'serial', 'object', 'id', 'type'];
const QUERY = ['module-path', 'pin-source'];

/** `pkcs11:token=LABEL;object=KEY?module-path=/…/module.so&pin-source=file:/…/pin`; the refusal says what is wrong. */
export function parsePkcs11Uri(text: string): Result<Pkcs11Uri, string> {
  const match = /^pkcs11:([^?\s]*)\?([^?\s]*)$/.exec(text);
  if (match === null) return err('it is not pkcs11:token=…;object=…?module-path=…&pin-source=file:…');
  const path = readAttributes(match[1] ?? '', ';', PATH);
  if (!path.ok) return path;
  const query = readAttributes(match[2] ?? '', '&', QUERY);
  if (!query.ok) return query;
  const [token, object, modulePath] = [
    path.value.get('token'),
    path.value.get('object'),
    query.value.get('module-path'),
  ];
  if (!token || !object) return err('it must name the token and the object');
  if (path.value.has('type') && path.value.get('type') !== 'private') return err('its type must be private');
  if (!modulePath?.startsWith('/')) return err('module-path must be the whole path of the PKCS#11 module');
  const pinFile = /^(?:file:(?:\/\/)?)?(\/.+)$/.exec(query.value.get('pin-source') ?? '')?.[1];
  if (pinFile === undefined) return err('pin-source must be file: and the whole path of the file with the PIN');
  const id = path.value.get('id');
  return ok({
    ...{ modulePath, token, object, pinFile, serial: path.value.get('serial') },
    id: id === undefined ? undefined : Buffer.from(id, 'latin1'),
  });
}

function readAttributes(
  text: string,
  separator: string,
  known: readonly string[],
): Result<ReadonlyMap<string, string>, string> {
  const found = new Map<string, string>();
  for (const part of text.split(separator)) {
    const [, name = '', value = ''] = /^([a-z-]+)=(.*)$/.exec(part) ?? [];
    // The command line and the environment of a process can be read by others on the machine, and stand in logs.
    if (name === 'pin-value')
      return err('it holds the PIN; put that into a file that only the gateway reads (pin-source)');
    if (!known.includes(name)) return err(`"${name === '' ? part : name}" is not an attribute that is known here`);
    if (found.has(name)) return err(`it names ${name} twice`);
    const plain = decode(value, name === 'id');
    if (plain === undefined) return err(`the percent-encoding of ${name} is broken`);
    found.set(name, plain);
  }
  return ok(found);
}

/** An id is bytes, which stand here as one character each. */
function decode(value: string, isBytes: boolean): string | undefined {
  try {
    if (!isBytes) return decodeURIComponent(value);
    return value.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  } catch {
    return undefined;
  }
}
