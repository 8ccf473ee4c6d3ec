import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html } from '../html.ts';
import { checkbox, radios, select } from './choices.ts';
import { fieldId } from './field.ts';
import { errorSummary, form, searchBox } from './form.ts';
import { dateInput, fileUpload, textarea, textInput } from './inputs.ts';
import { summaryList } from './lists.ts';
import { dataTable, pagination } from './table.ts';

const AT = { language: 'en', name: 'address.street', label: 'Street' } as const;

/** Every id that a label, a description or a summary names must be there, once. */
function assertWired(markup: string): void {
  const ids = [...markup.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
  assert.equal(new Set(ids).size, ids.length, `ids are unique: ${ids.join(' ')}`);
  const named = [...markup.matchAll(/ (?:for|aria-describedby|aria-labelledby)="([^"]+)"/g)]
    .flatMap((match) => match[1]?.split(' ') ?? [])
    .concat([...markup.matchAll(/href="#([^"]+)"/g)].flatMap((match) => match[1] ?? []));
  for (const id of named) assert.ok(ids.includes(id), `#${id} is named but not there`);
}

test('a refused text field names its error and its hint, and keeps what was typed', () => {
  const markup = String(textInput({ ...AT, hint: 'As on the bill', error: 'Enter a street', value: '12 "B" <rue>' }));
  assertWired(markup);
  assert.match(markup, /<label class="label" for="address\.street">Street<\/label>/);
  assert.match(markup, /aria-describedby="address\.street-hint address\.street-error" aria-invalid="true"/);
  assert.match(markup, /value="12 &quot;B&quot; &lt;rue&gt;"/);
});

test('a field without hint and error describes nothing', () => {
  assert.doesNotMatch(String(textInput(AT)), /aria-/);
});

test('telephone and e-mail bring the right keyboard and are typed from left to right', () => {
  const phone = String(textInput({ ...AT, language: 'ar', kind: 'tel' }));
  assert.match(phone, /type="tel"/);
  assert.match(phone, /inputmode="tel"/);
  assert.match(phone, /autocomplete="tel"/);
  assert.match(phone, /dir="ltr"/);
  assert.match(String(textInput({ ...AT, kind: 'email' })), /type="email" autocomplete="email"/);
});

test('the links of the error summary lead to the first control of each kind of question', () => {
  const choices = [
    { value: 'a', label: 'A' },
    { value: 'b', label: 'B', hint: 'second' },
  ];
  const page = html`${errorSummary({
    language: 'en',
    errors: [
      { field: 'address.street', message: 'm' },
      { field: 'since', message: 'm' },
      { field: 'kind[0]', message: 'm' },
      { field: 'ok', message: 'm' },
      { field: 'file', message: 'm' },
      { field: 'where', message: 'm' },
      { field: 'why', message: 'm' },
      { message: 'the whole form' },
    ],
  })}${textInput({ ...AT, error: 'm' })}${dateInput({ language: 'en', name: 'since', label: 'Since', hint: 'h', error: 'm', value: { day: '٣١', month: '2', year: '' } })}${radios({ language: 'en', name: 'kind[0]', label: 'Kind', error: 'm', choices, value: 'b' })}${checkbox({ language: 'en', name: 'ok', label: 'Yes', error: 'm', hint: 'h' })}${fileUpload({ language: 'en', name: 'file', label: 'File', error: 'm', types: 'PDF', accept: '.pdf', maxBytes: 1000 })}${select({ language: 'en', name: 'where', label: 'Where', error: 'm', choices, value: 'a' })}${textarea({ language: 'en', name: 'why', label: 'Why', error: 'm' })}`;
  const markup = String(page);
  assertWired(markup);
  assert.match(markup, /href="#kind-0-"/);
  assert.match(markup, /name="kind\[0\]" value="b" checked/);
  assert.match(markup, /name="since-day"[^>]*value="٣١"/);
  assert.match(markup, /<option value="a" selected>/);
  assert.match(markup, /tabindex="-1" autofocus/);
});

test('an empty error summary is nothing', () => {
  assert.equal(String(errorSummary({ language: 'fr', errors: [] })), '');
});

test('an id can stand in a fragment whatever the field is called', () => {
  assert.equal(fieldId('a b/"<é>'), 'a-b---é-');
});

test('a text area keeps its first empty line', () => {
  assert.match(String(textarea({ ...AT, value: '\nsecond' })), /<textarea[^>]*>\n\nsecond<\/textarea>/);
});

test('a form carries the session token and leaves the checking to the server', () => {
  const markup = String(form({ action: '/ar/x', csrf: 't"k', hidden: { step: '2' }, hasFiles: true, body: html`` }));
  assert.match(markup, /method="post" action="\/ar\/x" novalidate enctype="multipart\/form-data"/);
  assert.match(markup, /name="_csrf" value="t&quot;k"/);
  assert.match(markup, /name="step" value="2"/);
});

test('a change link says what it changes', () => {
  const markup = String(
    summaryList({ language: 'fr', rows: [{ key: 'Adresse', value: 'Rabat', change: { href: '#a' } }] }),
  );
  assert.match(markup, /Modifier<span class="visually-hidden"> Adresse<\/span>/);
});

test('a sorted column says how, the others that they can be', () => {
  const markup = String(
    dataTable({
      language: 'en',
      caption: 'Dossiers',
      columns: [
        { header: 'Number' },
        { header: 'Filed', sort: { href: '?sort=filed', now: 'descending' } },
        { header: 'Due', sort: { href: '?sort=due' } },
      ],
      rows: [{ cells: ['1', 'a', 'b'] }],
      empty: 'none',
    }),
  );
  assert.match(markup, /aria-sort="descending"/);
  assert.match(markup, /aria-sort="none"/);
  assert.equal(markup.match(/aria-sort/g)?.length, 2);
  assert.match(markup, /<th role="rowheader" scope="row" data-label="Number">1<\/th>/);
});

test('an empty table says so instead of showing its head', () => {
  const markup = String(
    dataTable({ language: 'en', caption: 'x', columns: [{ header: 'a' }], rows: [], empty: 'Nothing yet' }),
  );
  assert.doesNotMatch(markup, /<table/);
  assert.match(markup, /Nothing yet/);
});

test('paging shows the neighbours and the ends, and marks where one is', () => {
  const at = (page: number) =>
    String(pagination({ language: 'en', page, pageSize: 10, total: 195, hrefOf: (n) => `?page=${n}` }));
  const numbers = (markup: string) => [...markup.matchAll(/aria-label="Page (\d+)"/g)].map((match) => Number(match[1]));
  assert.deepEqual(numbers(at(1)), [1, 2, 20]);
  assert.deepEqual(numbers(at(10)), [1, 9, 10, 11, 20]);
  assert.match(at(10), /91 to 100 of 195/);
  assert.match(at(20), /191 to 195 of 195/);
  assert.doesNotMatch(at(20), /rel="next"/);
  assert.match(at(2), /aria-label="Page 2" aria-current="page"/);
  assert.equal(String(pagination({ language: 'en', page: 1, pageSize: 10, total: 0, hrefOf: () => '' })), '');
});

test('the search box keeps the question', () => {
  const markup = String(searchBox({ language: 'ar', action: '/ar/procedures', label: 'ابحث', value: '"سكنى"' }));
  assertWired(markup);
  assert.match(markup, /method="get"/);
  assert.match(markup, /value="&quot;سكنى&quot;"/);
});
