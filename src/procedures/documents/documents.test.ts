import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import jsQR from 'jsqr';
import { linesOf, pictureOf, popplerAbsent, textOf } from '../../../test/support/poppler.ts';
import type { IsoDate } from '../../kernel/index.ts';
import { openPdf } from '../../platform/index.ts';
import { renderAttestation, renderReceipt } from './documents.ts';
import type { AttestationFacts, ReceiptFacts } from './facts.ts';

const pdf = openPdf();
const skip = popplerAbsent();
// The package is CommonJS with a default export, which Node's and TypeScript's views of it name differently.
const readQr = jsQR as unknown as typeof jsQR.default;

const letterhead = [
  { ar: 'المملكة المغربية', fr: 'Royaume du Maroc' },
  { ar: 'الملحقة الإدارية أنفا', fr: 'Annexe administrative Anfa' },
];

function aReceipt(changes: Partial<ReceiptFacts> = {}): ReceiptFacts {
  return {
    number: '2026-ANF-000417',
    filedAt: new Date('2025-07-01T23:30:00Z'),
    letterhead,
    procedure: { title: { ar: 'شهادة السكنى', fr: 'Certificat de résidence' }, version: '1.2' },
    applicant: { ar: 'فاطمة الزهراء بنعلي', fr: 'Fatima Ezzahra Benali' },
    received: [{ name: { ar: 'تصريح بالشرف', fr: 'Déclaration sur l’honneur' } }],
    awaited: [
      { name: { ar: 'رسم الولادة', fr: 'Acte de naissance' }, note: { ar: 'الحالة المدنية', fr: 'État civil' } },
    ],
    missing: [],
    deadline: { kind: 'date', on: '2025-07-12' as IsoDate },
    silence: { ar: 'لا يعد السكوت قبولا', fr: 'Le silence ne vaut pas acceptation' },
    appeals: [{ ar: 'تظلم', fr: 'Recours administratif' }],
    contact: [{ ar: 'الهاتف: +212 5 22 00 00 00', fr: 'Téléphone : +212 5 22 00 00 00' }],
    verifyUrl: 'https://wasl.example/v/5Yp0gq3oV1mPz8cT4nXw7A-and-longer-than-one-run-of-letters',
    ledgerReference: 'wasl.example/procedures #1042',
    demonstration: true,
    ...changes,
  };
}

function anAttestation(changes: Partial<AttestationFacts> = {}): AttestationFacts {
  return {
    number: 'ATT-2026-000212',
    issuedAt: new Date('2025-07-10T09:40:00Z'),
    letterhead,
    title: { ar: 'شهادة السكنى', fr: 'Certificat de résidence' },
    decision: { ar: 'تشهد السلطة المحلية بما يلي.', fr: 'L’autorité locale certifie ce qui suit.' },
    rows: [{ label: { ar: 'الاسم الكامل', fr: 'Nom complet' }, value: 'Fatima Ezzahra Benali' }],
    verifyUrl: 'https://wasl.example/v/9Kq2dXr7LmZc1uYt6sVb3Q',
    keyId: 'anfa-2026-es256',
    demonstration: true,
    ...changes,
  };
}

function pagesOf(document: Buffer): number {
  return Number(
    /^Pages:\s+(\d+)/.exec(linesOf('pdfinfo', document).find((line) => line.startsWith('Pages:')) ?? '')?.[1],
  );
}

describe('the documents', () => {
  for (const language of ['ar', 'fr', 'en'] as const) {
    test(`carry a QR code that a telephone reads as the address of their public page (${language})`, {
      skip,
    }, async () => {
      for (const [document, url] of [
        [await renderReceipt(pdf, aReceipt(), language), aReceipt().verifyUrl],
        [await renderAttestation(pdf, anAttestation(), language), anAttestation().verifyUrl],
      ] as const) {
        const { pixels, width, height } = pictureOf(document);
        assert.equal(readQr(pixels, width, height)?.data, url);
      }
    });
  }

  test('are the same bytes for the same facts and other bytes for other facts', async () => {
    const receipt = await renderReceipt(pdf, aReceipt(), 'ar');
    assert.deepEqual(await renderReceipt(openPdf(), aReceipt(), 'ar'), receipt);
    assert.notDeepEqual(await renderReceipt(pdf, aReceipt({ number: '2026-ANF-000418' }), 'ar'), receipt);
    const attestation = await renderAttestation(pdf, anAttestation(), 'fr');
    assert.deepEqual(await renderAttestation(pdf, anAttestation(), 'fr'), attestation);
  });

  test('say that they are a specimen when they hold demonstration data, and only then', { skip }, async () => {
    assert.match(textOf(await renderReceipt(pdf, aReceipt(), 'fr')), /Spécimen/);
    assert.match(textOf(await renderAttestation(pdf, anAttestation(), 'fr')), /Spécimen/);
    assert.doesNotMatch(textOf(await renderReceipt(pdf, aReceipt({ demonstration: false }), 'fr')), /Spécimen/);
    assert.doesNotMatch(
      textOf(await renderAttestation(pdf, anAttestation({ demonstration: false }), 'fr')),
      /Spécimen/,
    );
  });

  test('are archival, tagged, and titled in their language', { skip }, async () => {
    const document = await renderAttestation(pdf, anAttestation(), 'ar');
    const info = linesOf('pdfinfo', document);
    assert.ok(info.some((line) => /^Title:\s+شهادة السكنى$/.test(line)));
    assert.ok(info.some((line) => /^Tagged:\s+yes$/.test(line)));
    assert.match(document.toString('latin1'), /<pdfaid:part>2<\/pdfaid:part><pdfaid:conformance>A</);
    assert.match(document.toString('latin1'), /\/Lang ?\((ar|\xfe\xff)/);
  });

  test('use one typeface and embed it', { skip }, async () => {
    for (const line of linesOf('pdffonts', await renderReceipt(pdf, aReceipt(), 'ar'))
      .slice(2)
      .filter(Boolean)) {
      assert.match(line, /\+Wasl(Arabic|Latin)\s.*yes yes yes/);
    }
  });
});

describe('the receipt', () => {
  test('says what law 55-19 wants the citizen to know', { skip }, async () => {
    const text = textOf(await renderReceipt(pdf, aReceipt(), 'fr'));
    for (const expected of [
      '2026-ANF-000417',
      '2 juillet 2025',
      'UTC+1',
      '12 juillet 2025',
      'Certificat de résidence — version 1.2',
      'Fatima Ezzahra Benali',
      'Annexe administrative Anfa',
      'Déclaration sur l’honneur',
      'Acte de naissance',
      'Le silence ne vaut pas acceptation',
      'Recours administratif',
      '+212 5 22 00 00 00',
      'wasl.example/procedures #1042',
      aReceipt().verifyUrl,
    ]) {
      assert.ok(text.includes(expected), `the receipt does not say "${expected}"`);
    }
  });

  test('keeps a telephone number in its order within an Arabic line', { skip }, async () => {
    assert.match(textOf(await renderReceipt(pdf, aReceipt(), 'ar')), /\+212 5 22 00 00 00/);
  });

  test('prints a hostile name as a name', { skip }, async () => {
    const text = textOf(await renderReceipt(pdf, aReceipt({ applicant: '#panic() ]#eval("1")[ {{x}}' }), 'fr'));
    assert.ok(text.includes('#panic() ]#eval("1")[ {{x}}'));
  });

  test('goes on to further pages when the list of documents is long, and numbers them', { skip }, async () => {
    const received = Array.from({ length: 60 }, (_, index) => ({
      name: { ar: `وثيقة ${index + 1}`, fr: `Pièce ${index + 1}` },
    }));
    const document = await renderReceipt(pdf, aReceipt({ received }), 'fr');
    assert.ok(pagesOf(document) >= 3);
    const text = textOf(document);
    assert.ok(text.includes('Pièce 60') && text.includes(`Page ${pagesOf(document)} sur ${pagesOf(document)}`));
  });

  test('fits one page in the usual case', { skip }, async () => {
    for (const language of ['ar', 'fr', 'en'] as const) {
      assert.equal(pagesOf(await renderReceipt(pdf, aReceipt(), language)), 1);
      assert.equal(pagesOf(await renderAttestation(pdf, anAttestation(), language)), 1);
    }
  });

  test('holds when almost nothing is known', { skip }, async () => {
    const bare = aReceipt({
      letterhead: [],
      applicant: '',
      received: [],
      awaited: [],
      appeals: [],
      contact: [],
      silence: '',
      deadline: { kind: 'text', text: { ar: 'فورا', fr: 'Immédiatement' } },
    });
    const text = textOf(await renderReceipt(pdf, bare, 'fr'));
    assert.match(text, /Immédiatement/);
    assert.match(text, /Cette procédure ne demande aucune pièce/);
    assert.doesNotMatch(text, /Voies de recours/);
  });

  test('holds a very long name and a very long title', { skip }, async () => {
    const applicant = 'Fatima Ezzahra '.repeat(20);
    const title = { ar: 'شهادة '.repeat(40), fr: 'Certificat '.repeat(30) };
    for (const language of ['ar', 'fr'] as const) {
      const facts = aReceipt({ applicant, number: 'N'.repeat(120), procedure: { title, version: '1' } });
      assert.ok(pagesOf(await renderReceipt(pdf, facts, language)) >= 1);
    }
  });
});

describe('the certificate', () => {
  test('states what it attests, by whom, until when, and what its seal is and is not', { skip }, async () => {
    const facts = anAttestation({
      validUntil: '2025-10-10' as IsoDate,
      signatory: { name: 'Youssef El Amrani', office: { ar: 'قائد', fr: 'Caïd' } },
      receiptNumber: '2026-ANF-000417',
    });
    const text = textOf(await renderAttestation(pdf, facts, 'fr'));
    for (const expected of [
      'L’autorité locale certifie',
      'ATT-2026-000212',
      '10 octobre 2025',
      'Youssef El Amrani',
      'ES256',
      '43-20',
      'anfa-2026-es256',
      '2026-ANF-000417',
    ]) {
      assert.ok(text.includes(expected), `the certificate does not say "${expected}"`);
    }
  });

  test('keeps its proof whole when it takes several pages', { skip }, async () => {
    const rows = Array.from({ length: 50 }, (_, index) => ({ label: `Ligne ${index + 1}`, value: 'valeur' }));
    const document = await renderAttestation(pdf, anAttestation({ rows }), 'fr');
    assert.ok(pagesOf(document) >= 2);
    const { pixels, width, height } = pictureOf(document, pagesOf(document));
    assert.equal(readQr(pixels, width, height)?.data, anAttestation().verifyUrl);
  });
});
