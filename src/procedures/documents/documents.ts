import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import QRCode from 'qrcode';
import { canonicalJson, type Json, type Language } from '../../kernel/index.ts';
import type { Pdf } from '../../platform/index.ts';
import type { AttestationFacts, ReceiptFacts } from './facts.ts';
import { attestationView, receiptView } from './view.ts';

const templates = Object.fromEntries(
  ['style.typ', 'receipt.typ', 'attestation.typ'].map((name) => [
    name,
    readFileSync(join(import.meta.dirname, name), 'utf8'),
  ]),
);

/**
 * The receipt as PDF/A-2a in one language. Equal facts give equal bytes. No name or note can make it throw; a
 * `verifyUrl` that is no URL does.
 */
export function renderReceipt(pdf: Pdf, facts: ReceiptFacts, language: Language): Promise<Buffer> {
  return renderDocument(pdf, 'receipt.typ', receiptView(facts, language), facts.filedAt);
}

/** The certificate, as `renderReceipt` makes the receipt. */
export function renderAttestation(pdf: Pdf, facts: AttestationFacts, language: Language): Promise<Buffer> {
  return renderDocument(pdf, 'attestation.typ', attestationView(facts, language), facts.issuedAt);
}

async function renderDocument(
  pdf: Pdf,
  template: 'receipt.typ' | 'attestation.typ',
  view: { readonly verify: { readonly url: string } },
  at: Date,
): Promise<Buffer> {
  // Spelled in ASCII and left whole: the reader compares it with what the telephone shows, letter by letter.
  const url = new URL(view.verify.url).href;
  const shown = shownIn(pdf, view as unknown as Json);
  return pdf.render(
    {
      main: templates[template] ?? '',
      files: templates,
      inputs: { view: canonicalJson(shown), url, qr: await qrCode(url) },
    },
    { creationTimestamp: Math.floor(at.getTime() / 1000), standard: 'a-2a' },
  );
}

/** Names and notes come from people: no text reaches the template before the fonts can show it. */
function shownIn(pdf: Pdf, value: Json): Json {
  if (typeof value === 'string') return pdf.printable(value);
  if (Array.isArray(value)) return value.map((item) => shownIn(pdf, item));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shownIn(pdf, item)]));
}

/** Level M (15 % may be damaged) keeps the modules large enough for a phone at 28 mm. */
function qrCode(url: string): Promise<string> {
  return QRCode.toString(url, { type: 'svg', errorCorrectionLevel: 'M', margin: 0 });
}
