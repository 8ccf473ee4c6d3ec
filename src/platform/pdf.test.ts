import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { linesOf, popplerAbsent, textOf } from '../../test/support/poppler.ts';
import { openPdf, PDF_FAMILIES } from './pdf.ts';
import { readWoff } from './pdf-fonts.ts';

const pdf = openPdf();
const skip = popplerAbsent();
const archival = { creationTimestamp: 1_770_000_000, standard: 'a-2a' } as const;

/** A page with `words` on it, in both weights. */
function page(words: string): Promise<Buffer> {
  const families = PDF_FAMILIES.map((family) => JSON.stringify(family)).join(', ');
  const main = `#import "body.typ": body
    #set document(title: "t", date: auto)
    #set text(font: (${families}), fallback: false, lang: "fr")
    #body(json(bytes(sys.inputs.words)))`;
  const files = { 'body.typ': '#let body(words) = [#words #strong(words)]' };
  return pdf.render({ main, files, inputs: { words: JSON.stringify(words) } }, archival);
}

describe('rendering', () => {
  test('prints as text what would be an instruction in a template', { skip }, async () => {
    const name = ']#eval("1+1")[ #panic() *b* $x$ \\ <l>';
    assert.match(textOf(await page(name)), /\]#eval\("1\+1"\)\[ #panic\(\) \*b\* \$x\$ \\ <l>/);
  });

  test('gives equal bytes for equal arguments, also in a typesetter started later', async () => {
    const first = await page('محمد 2026');
    await page('something else');
    assert.deepEqual(await page('محمد 2026'), first);
    const main = '#set document(title: "t", date: auto)\n#set text(font: "Wasl Latin", fallback: false)\nA';
    const source = { main, files: {}, inputs: {} };
    assert.deepEqual(await openPdf().render(source, archival), await pdf.render(source, archival));
  });

  test('shows Arabic, Latin, digits and punctuation in the one typeface', { skip }, async () => {
    const fonts = linesOf('pdffonts', await page('وصل Œuvre 0123456789 — / « » ، ؟ Š'))
      .slice(2)
      .filter(Boolean);
    assert.ok(fonts.length >= 3);
    for (const font of fonts) assert.match(font, /\+Wasl(Arabic|Latin|LatinExtended)\s.*yes yes yes/);
  });

  test('says what is wrong with a template', async () => {
    await assert.rejects(
      pdf.render({ main: '#missing', files: {}, inputs: {} }, archival),
      /unknown variable: missing/,
    );
  });

  test('forgets the files of the document before', async () => {
    await pdf.render(
      {
        main: '#import "a.typ": a\n#set document(title: "t", date: auto)',
        files: { 'a.typ': '#let a = 1' },
        inputs: {},
      },
      archival,
    );
    await assert.rejects(pdf.render({ main: '#import "a.typ": a', files: {}, inputs: {} }, archival), /file not found/);
  });
});

const anything = fc.string({ unit: 'binary', maxLength: 60 });
const longRun = fc.array(fc.integer({ min: 0x621, max: 0x652 }), { minLength: 90, maxLength: 160 });
const arabicAndMarks = fc
  .array(fc.oneof(fc.integer({ min: 0x600, max: 0x6ff }), fc.integer({ min: 0x2c0, max: 0x36f }), fc.constant(0x20)))
  .map((codes) => String.fromCodePoint(...codes));

describe('printable text', () => {
  test('never stops an archival document, whatever people type', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          anything,
          arabicAndMarks,
          longRun.map((codes) => String.fromCodePoint(...codes)),
        ),
        async (text) => {
          const shown = pdf.printable(text);
          assert.equal(pdf.printable(shown), shown);
          assert.ok((await page(shown)).length > 0);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('keeps names as they are written', () => {
    for (const name of ['محمد بنعبد الله', 'آمنة الزَّهراء', 'Naïma Aït-Œuvrard', 'Łukasz Žižek', '12/04/2026 — n° 7']) {
      assert.equal(pdf.printable(name), name);
    }
  });

  test('removes characters that turn the reading direction, so that a number cannot be read backwards', () => {
    assert.equal(pdf.printable('A\u202E123\u202C\u2066b\u2069'), 'A123b');
  });

  test('makes one line of several, and marks what no font has', () => {
    assert.equal(pdf.printable('a\n\tb 👍'), 'a b ?');
  });

  test('writes a letter that no font has without its marks, as passports do', () => {
    assert.equal(pdf.printable('Şükrü Łęcki'), 'Sükrü Łecki');
  });

  test('lets a run without spaces break before it leaves the paper', { skip }, async () => {
    const longest = Math.max(
      ...textOf(await page(pdf.printable('x'.repeat(400))))
        .split('\n')
        .map((line) => line.trim().length),
    );
    assert.ok(longest <= 96, `a line of ${longest} letters`);
  });
});

describe('web fonts', () => {
  test('refuses bytes that are no WOFF font', () => {
    assert.throws(() => readWoff(Buffer.alloc(100), 'X'), /not a WOFF 1.0 font/);
    assert.throws(() => readWoff(Buffer.from('wOF2'), 'X'), /not a WOFF 1.0 font/);
  });
});
