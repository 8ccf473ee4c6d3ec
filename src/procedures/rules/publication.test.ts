import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contentFiles, shippedCatalogue } from '../../../test/support/procedures.ts';
import type { LocalText } from '../../kernel/index.ts';
import type { Procedure, RequiredDocument } from '../model/procedure.ts';
import { formatContentError } from '../model/procedure-file.ts';
import { parseCatalogue } from './catalogue.ts';
import { publicationFindings } from './publication.ts';

const residence = shippedCatalogue().current('certificat-residence') as Procedure;
const rulesOf = (procedure: Procedure) => publicationFindings(procedure).map(({ rule }) => rule);

function withDocument(over: Partial<RequiredDocument>): Procedure {
  const [first, second, proof] = residence.documents;
  assert.ok(first && second && proof);
  return { ...residence, documents: [first, second, { ...proof, ...over }] };
}

function withTitle(fr: string, ar = 'وثيقة'): Procedure {
  const title: LocalText = { ar, fr };
  return withDocument({ title });
}

describe('what law 55-19 keeps from publication', () => {
  for (const demand of [
    'Engagement légalisé de l’hébergeur',
    'Contrat avec signatures LEGALISEES',
    'Bail (légalisation obligatoire)',
  ]) {
    test(`a legalised signature (L7): ${demand}`, () => assert.deepEqual(rulesOf(withTitle(demand)), ['L7']));
  }
  for (const demand of ['التزام مصحح الإمضاء', 'عقد كراء مصادق عليه', 'التزام مصحح إمضاؤه']) {
    test(`a legalised signature (L7): ${demand}`, () =>
      assert.deepEqual(rulesOf(withTitle('Engagement', demand)), ['L7']));
  }
  for (const [fr, ar] of [
    ['Copie certifiée conforme du bail', 'عقد الكراء'],
    ['Bail', 'نسخة مطابقة للأصل من عقد الكراء'],
    ['Bail', 'صورة طبق الأصل'],
    ['Bail', 'نسخة مشهود بمطابقتها للأصل'],
  ] as const) {
    test(`a certified copy (L8): ${fr} / ${ar}`, () => assert.deepEqual(rulesOf(withTitle(fr, ar)), ['L8']));
  }

  test('more than one copy (L6)', () => assert.deepEqual(rulesOf(withDocument({ copies: 3 })), ['L6']));
  test('a text that anyone can read (L9)', () =>
    assert.deepEqual(rulesOf(withDocument({ publicCharacter: true })), ['L9']));
  test('a document without a legal basis (L5)', () =>
    assert.deepEqual(rulesOf(withDocument({ legalBasis: [] })), ['L5']));

  test('a document that says openly that its basis is not known is published', () => {
    const note = { ar: 'غير مؤكد', fr: 'non confirmé' };
    assert.deepEqual(
      rulesOf(withDocument({ legalBasis: [], provenance: { certainty: 'unconfirmed', sources: [], note } })),
      [],
    );
  });

  test('the same thing asked for twice (L11)', () => {
    const identity = residence.documents[0] as RequiredDocument;
    assert.deepEqual(rulesOf(withDocument({ source: identity.source })), ['L11', 'L5']);
  });

  test('stages that add up to more than the whole (L18)', () => {
    const permit = shippedCatalogue().current('permis-construire') as Procedure;
    const stages = permit.deadline.stages.map((stage) => ({ ...stage, dayKind: 'calendar' as const, days: 20 }));
    assert.deepEqual(rulesOf({ ...permit, deadline: { ...permit.deadline, stages } }), ['L18']);
  });

  test('saying that no legalisation is asked for is no demand', () => {
    assert.deepEqual(rulesOf(withTitle('Bail, sans légalisation', 'عقد الكراء دون تصحيح الإمضاء')), []);
  });
});

describe('the catalogue', () => {
  test('every shipped procedure may be published, in Arabic and French', () => {
    const { published } = shippedCatalogue();
    assert.equal(published.length, 13);
    for (const procedure of published) assert.deepEqual(publicationFindings(procedure), [], procedure.id);
  });

  test('a published file that breaks the law stops the start with file, line, cause and remedy', () => {
    const files = contentFiles();
    const procedures = files.procedures.map((file) =>
      file.name.endsWith('creation-pharmacie.yaml')
        ? {
            ...file,
            text: file.text.replace('fr: Titre de propriété ou bail du local', 'fr: Copie certifiée conforme du bail'),
          }
        : file,
    );
    const read = parseCatalogue({ ...files, procedures });
    assert.ok(!read.ok);
    const [error] = read.error;
    assert.ok(error);
    assert.match(
      formatContentError(error),
      /^content\/procedures\/creation-pharmacie\.yaml:\d+:1 documents\.1\.title\.fr asks for a certified copy \(law 55-19, L8\): .+/,
    );
  });

  test('two files with the same version, and a document that nobody issues, are named', () => {
    const files = contentFiles();
    const twice = parseCatalogue({ ...files, procedures: [...files.procedures, ...files.procedures.slice(0, 1)] });
    assert.ok(!twice.ok && /already in another file/.test(twice.error[0]?.cause ?? ''));
    const without = files.procedures.filter(({ name }) => !name.includes('certificat-residence'));
    const dangling = parseCatalogue({ ...files, procedures: without });
    assert.ok(!dangling.ok && /no procedure "certificat-residence"/.test(dangling.error[0]?.cause ?? ''));
  });

  test('a delay that is only the law’s ceiling says so and is not confirmed', () => {
    for (const { deadline, id } of shippedCatalogue().published) {
      if (deadline.basis !== 'law-ceiling') continue;
      assert.equal(deadline.days, 60, id);
      assert.equal(deadline.provenance.certainty, 'unconfirmed', id);
      assert.ok(deadline.provenance.note !== undefined, id);
    }
  });

  test('what the law says about silence is on the two local permits and the association, and nowhere else', () => {
    const { published } = shippedCatalogue();
    const accepting = published.filter(({ silence }) => silence.kind === 'acceptance').map(({ id }) => id);
    assert.deepEqual(accepting.toSorted(), ['declaration-association', 'permis-construire', 'permis-habiter']);
  });
});
