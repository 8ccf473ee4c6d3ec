import { hash } from 'node:crypto';
import { err, ok, type Result } from '../../kernel/index.ts';
import { INTEGER, oidBytes, readDer, readInside, SEQUENCE, type Tlv, writeDer } from './der.ts';

/** What an authority answered is not a token; `detail` is for the log. */
export type AnswerRefusal = { readonly kind: 'answer'; readonly detail: string };

const SHA_256 = '2.16.840.1.101.3.4.2.1';
const [NULL, OCTET_STRING, BOOLEAN, UTF8_STRING] = [0x05, 0x04, 0x01, 0x0c];

/** A TimeStampReq (RFC 3161 section 2.4.1) for SHA-256 of the bytes, with a nonce, and the signer's certificate asked for. */
export function timestampQuery(data: Uint8Array, nonce: Uint8Array): Uint8Array {
  const algorithm = writeDer(SEQUENCE, oidBytes(SHA_256), writeDer(NULL));
  const imprint = writeDer(SEQUENCE, algorithm, writeDer(OCTET_STRING, hash('sha256', data, 'buffer')));
  return writeDer(
    SEQUENCE,
    writeDer(INTEGER, Uint8Array.of(1)),
    imprint,
    writeDer(INTEGER, nonce),
    writeDer(BOOLEAN, Uint8Array.of(0xff)),
  );
}

/** A random number that is one INTEGER of DER: positive, and without zeros before it. */
export function nonceFrom(random: Uint8Array): Uint8Array {
  const nonce = Uint8Array.from(random);
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40;
  return nonce;
}

/** The token of a TimeStampResp (section 2.4.2): granted, with or without changes, and there. */
export function readAnswer(der: Uint8Array): Result<Uint8Array, AnswerRefusal> {
  const [info, token, ...beside] = readInside(der, SEQUENCE) ?? [];
  const status = info === undefined ? undefined : readDer(info.content);
  const [number] = status ?? [];
  if (status === undefined || number?.tag !== INTEGER || number.content.length !== 1 || beside.length > 0) {
    return refuse('it is not a TimeStampResp');
  }
  const code = number.content[0] ?? 0;
  if (code > 1) return refuse(`it did not grant a token: status ${code}${textOf(status)}`);
  return token === undefined ? refuse('it granted a token and sent none') : ok(token.raw);
}

/** What the authority says for itself, as far as one line of a log can show it. */
function textOf(status: readonly Tlv[]): string {
  const texts = readDer(status.find(({ tag }) => tag === SEQUENCE)?.content ?? new Uint8Array()) ?? [];
  const said = texts.filter(({ tag }) => tag === UTF8_STRING).map(({ content }) => new TextDecoder().decode(content));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const shown = said.join(' ').replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, ' ');
  return shown === '' ? '' : `, “${shown.slice(0, 200)}”`;
}

function refuse(detail: string): Result<never, AnswerRefusal> {
  return err({ kind: 'answer', detail });
}
