import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shippedCatalogue } from '../../../test/support/procedures.ts';
import { searchProcedures, wordsOf } from './search.ts';

const { index, published } = shippedCatalogue();
const found = (query: string) => searchProcedures(index, query).map(({ procedure }) => procedure.id);

describe('what people type', () => {
  for (const [query, first] of [
    ['شهادة السكنى', 'certificat-residence'],
    ['شهاده السكني', 'certificat-residence'],
    ['الشَّهادة السُّكنى', 'certificat-residence'],
    ['سكنى', 'certificat-residence'],
    ['certificat residence', 'certificat-residence'],
    ['certificat de résidence', 'certificat-residence'],
    ['residance', 'certificat-residence'],
    ['Justificatif de domicile', 'certificat-residence'],
    ['proof of address', 'certificat-residence'],
    ['عقد الازدياد', 'extrait-acte-naissance'],
    ['عقد الإزدياد', 'extrait-acte-naissance'],
    ['شهادة الميلاد', 'extrait-acte-naissance'],
    ['acte de naissance', 'extrait-acte-naissance'],
    ['extrait naissence', 'extrait-acte-naissance'],
    ['birth certificate', 'extrait-acte-naissance'],
    ['permis construire', 'permis-construire'],
    ['رخصة بناء', 'permis-construire'],
    ['للبناء', 'permis-construire'],
    ['permis d’habiter', 'permis-habiter'],
    ["permis d'habiter", 'permis-habiter'],
    ['السوابق العدلية', 'casier-judiciaire-bulletin-3'],
    ['casier judiciare', 'casier-judiciaire-bulletin-3'],
    ['لاكارت', 'renouvellement-cnie'],
    ['تجديد البطاقة الوطنية', 'renouvellement-cnie'],
    ['باسبور', 'passeport-biometrique'],
    ['passport', 'passeport-biometrique'],
    ['وجواز السفر', 'passeport-biometrique'],
    ['livret famille', 'livret-famille'],
    ['certificat negatif', 'certificat-negatif'],
    ['ICE', 'certificat-negatif'],
    ['pharmacies', 'creation-pharmacie'],
    ['صيدلية', 'creation-pharmacie'],
    ['تأسيس جمعية', 'declaration-association'],
    ['تاسيس جمعيه', 'declaration-association'],
    ['auto entrepreneur', 'auto-entrepreneur'],
    ['المقاول الذاتي', 'auto-entrepreneur'],
    ['الدعم المباشر', 'aide-sociale-directe'],
  ] as const) {
    test(`"${query}" finds ${first} first`, () => assert.equal(found(query)[0], first));
  }
});

describe('what nobody finds, and what everybody sees', () => {
  test('a query without a match gives an empty list', () => {
    assert.deepEqual(found('xylophone'), []);
    assert.deepEqual(found('زرافة'), []);
  });

  test('an empty query gives the catalogue in its order', () => {
    assert.deepEqual(
      found('  '),
      published.map(({ id }) => id),
    );
    assert.equal(found('')[0], 'certificat-residence');
  });

  test('a hostile query is cut and answered', () => {
    assert.ok(found('a'.repeat(100_000)).length >= 0);
    assert.ok(found('%_\\\u0000<script>'.repeat(50)).length <= published.length);
  });
});

test('spellings of one word agree', () => {
  assert.deepEqual(wordsOf('الإقامة'), wordsOf('اقامه'));
  assert.deepEqual(wordsOf('والشهادات'), wordsOf('الشهادات'));
  assert.deepEqual(wordsOf('Résidences'), wordsOf('residence'));
  assert.deepEqual(wordsOf('ـالـسـكنـى'), wordsOf('السكنى'));
});
