import { decodeBase64url, err, type Json, parseJson, type Result } from '../../kernel/index.ts';
import { type AgreementDocument, documentOf, type ParseAgreement } from './document.ts';

/** The text under a signature that was verified when it came. */
export function documentIn(jws: string, parse: ParseAgreement): Result<AgreementDocument, string> {
  const payload = payloadOf(jws);
  if (payload === undefined) return err('the document cannot be read');
  const agreement = parse(payload);
  return agreement.ok ? { ok: true, value: documentOf(agreement.value) } : agreement;
}

export function payloadOf(jws: string): Json | undefined {
  const text = decodeBase64url(jws.split('.')[1] ?? '')?.toString('utf8') ?? '';
  const json = parseJson(text, { maxChars: 100_000, maxDepth: 8 });
  return json.ok ? json.value : undefined;
}
