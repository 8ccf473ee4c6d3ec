import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contentFiles, shippedCatalogue } from '../../../test/support/procedures.ts';
import { formatContentError, parseCalendar, parseLegalSettings, parseProcedureFile } from './procedure-file.ts';

const { legal, lists } = shippedCatalogue();
const residence = contentFiles().procedures.find(({ name }) => name.includes('certificat-residence'))?.text ?? '';

function errorsIn(yaml: string): readonly string[] {
  const read = parseProcedureFile('x.yaml', yaml, { legal, lists });
  return read.ok ? [] : read.error.map(formatContentError);
}

/** The residence procedure with one line changed; the line's number is asserted against. */
function edited(from: string, to: string): { readonly errors: readonly string[]; readonly line: number } {
  assert.ok(residence.includes(from), `the file no longer holds "${from}"`);
  const line = residence.slice(0, residence.indexOf(from)).split('\n').length;
  return { errors: errorsIn(residence.replace(from, to)), line };
}

describe('a mistake in a procedure file is shown with its place, its cause and its remedy', () => {
  test('a deadline above the law’s maximum', () => {
    const { errors, line } = edited('  days: 60', '  days: 75');
    assert.deepEqual(errors, [
      `x.yaml:${line}:9 deadline.days must be at most 60 (law 55-19), is 75: write the authority's own delay, from 1 to 60`,
    ]);
  });

  test('a deadline above thirty days on the investment list', () => {
    const { errors, line } = edited('  days: 60', '  days: 45\n  investmentList: true');
    assert.match(
      errors[0] ?? '',
      new RegExp(`^x\\.yaml:${line}:9 deadline\\.days must be at most 30 .*2\\.22\\.385.*, is 45: `),
    );
  });

  test('a misspelt key, at the key, with the one that was meant', () => {
    const { errors, line } = edited('silence: none', 'silense: none');
    assert.equal(errors[0], `x.yaml:${line}:1 silense unknown key "silense": did you mean "silence"?`);
    assert.equal(
      errors.some((error) => error.includes('silence must be a mapping')),
      true,
    );
  });

  test('a text without French', () => {
    const { errors, line } = edited('  fr: Certificat de résidence\n  en: Certificate', '  en: Certificate');
    assert.match(errors[0] ?? '', new RegExp(`^x\\.yaml:${line - 1}:3 title\\.fr must be text, is missing: `));
  });

  test('a condition in CEL that names no field', () => {
    const { errors } = edited('answers.purpose == "other"', 'answers.purpos == "other"');
    assert.match(
      errors[0] ?? '',
      /^x\.yaml:\d+:24 form\.steps\[0\]\.fields\[1\]\.visibleWhen CEL: No such key: purpos: .+/,
    );
  });

  test('a condition that looks at a later field', () => {
    const { errors } = edited('answers.purpose == "other"', 'answers.proofKind == "file"');
    assert.match(errors[0] ?? '', /No such key: proofKind/);
  });

  test('a source that the file does not list, and certainty without a source', () => {
    assert.match(
      edited('sources: [alwadyfa, melkiaty]', 'sources: [nobody]').errors[0] ?? '',
      /authority\.sources\[0\] no source "nobody": use one of mmsp-bdj/,
    );
    const bare = edited(
      '  certainty: unconfirmed\n  note:\n    ar: المجانية',
      '  certainty: confirmed\n  note:\n    ar: المجانية',
    );
    assert.match(bare.errors[0] ?? '', /fee\.certainty confirmed needs a source: .*mark it unconfirmed/);
  });

  test('a document that leads to a field of another kind', () => {
    const { errors } = edited('      field: addressProofFile', '      field: address');
    assert.match(
      errors[0] ?? '',
      /documents\[2\]\.source\.field no file field "address" in the form: use one of addressProofFile, identityCopy/,
    );
  });

  test('a prefill or an attestation row that leads nowhere', () => {
    assert.match(
      edited('documents.identity.data.address.line.ar', 'documents.identiti.data.x').errors[0] ?? '',
      /prefill no "identiti"/,
    );
    assert.match(
      edited('value: answers.commune', 'value: answers.comune').errors[0] ?? '',
      /attestation\.rows\[5\]\.value no "comune" in answers/,
    );
  });

  test('a prefill or a fact of the attestation that is not asked of its holder', () => {
    assert.match(
      edited('documents.identity.data.address.line.ar', 'documents.identity.data.phone').errors[0] ?? '',
      /prefill "phone" is not among the fields of "identity"/,
    );
    assert.match(
      edited('value: documents.birth.birthPlace', 'value: documents.birth.mother').errors[0] ?? '',
      /rows\[3\]\.value "mother" is not among the fields of "birth": use one of/,
    );
  });

  test('all mistakes of a file come together', () => {
    const broken = residence
      .replace('days: 60', 'days: 61')
      .replace('version: 1', 'version: one')
      .replace('theme: identity', 'theme: identitee');
    const errors = errorsIn(broken);
    assert.deepEqual(
      errors.map((error) => error.split(' ')[1]),
      ['version', 'theme', 'deadline.days'],
    );
    assert.match(errors[1] ?? '', /did you mean "identity"\?$/);
  });
});

describe('a hostile or broken file is refused, not obeyed', () => {
  test('what is not YAML, with line and column', () => {
    assert.match(errorsIn('id: x\ntitle: { ar: "a\n')[0] ?? '', /^x\.yaml:\d+:\d+ is not YAML: .+: correct the YAML/);
    assert.match(errorsIn('id: x\nid: y\n')[0] ?? '', /^x\.yaml:2:1 is not YAML: .*unique/);
    assert.match(errorsIn('')[0] ?? '', /^x\.yaml:1:1 must be a mapping, is empty/);
    assert.match(errorsIn('- a\n- b\n')[0] ?? '', /must be a mapping, is a list/);
  });

  test('aliases, which expand to gigabytes', () => {
    const bomb = 'a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]\n';
    assert.match(errorsIn(bomb)[0] ?? '', /is not YAML: .*[Aa]lias/);
  });

  test('a file without end', () => assert.match(errorsIn('x'.repeat(400_000))[0] ?? '', /keep it below 300000/));

  test('a key of every object', () => {
    assert.match(errorsIn(`__proto__: { status: published }\n${residence}`)[0] ?? '', /unknown key "__proto__"/);
    assert.equal(({} as { status?: unknown }).status, undefined);
  });

  test('every single removed line gives errors or a procedure, never an exception', () => {
    const lines = residence.split('\n');
    for (let at = 0; at < lines.length; at += 7) {
      const read = parseProcedureFile('x.yaml', lines.toSpliced(at, 1).join('\n'), { legal, lists });
      if (!read.ok)
        for (const error of read.error) assert.ok(error.line >= 1 && error.column >= 1 && error.remedy !== '');
    }
  });
});

describe('settings and calendar', () => {
  const { calendar: file, legal: settings } = contentFiles();

  test('a holiday that does not exist is named', () => {
    const read = parseCalendar('calendar.yaml', file.text.replace("'07-30'", "'02-30'"));
    assert.ok(!read.ok);
    assert.match(formatContentError(read.error[0] as never), /fixed\[4\]\.on no such day "02-30"/);
  });

  test('a setting without its certainty is refused', () => {
    const read = parseLegalSettings(
      'law.yaml',
      settings.text.replace('maximumDays: { value: 60, certainty: confirmed }', 'maximumDays: { value: 60 }'),
    );
    assert.ok(!read.ok);
    assert.match(formatContentError(read.error[0] as never), /^law\.yaml:3:\d+ maximumDays\.certainty must be one of/);
  });
});
