import { CONTEXT_0, readInside, SEQUENCE, writeDer } from './der.ts';

/** The same token without certificates and revocation lists, which no signature is over: evidence carries each once. */
export function bareToken(der: Uint8Array): Uint8Array {
  const [type, wrapped] = readInside(der, SEQUENCE) ?? [];
  const signedData = readInside(wrapped?.content ?? new Uint8Array(), SEQUENCE) ?? [];
  const [version, digests, content] = signedData;
  const signers = signedData.at(-1);
  if (!type || !version || !digests || !content || !signers) throw new Error('a stored token cannot be read');
  const bare = writeDer(SEQUENCE, version.raw, digests.raw, content.raw, signers.raw);
  return writeDer(SEQUENCE, type.raw, writeDer(CONTEXT_0, bare));
}
