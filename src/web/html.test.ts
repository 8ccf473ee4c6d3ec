import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { attributes, classes, type HtmlValue, html, join, nothing, raw } from './html.ts';

test('a text from outside cannot open a tag or leave an attribute', () => {
  const hostile = `"><script>alert('x')</script>&`;
  assert.equal(
    String(html`<p title="${hostile}">${hostile}</p>`),
    '<p title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</p>',
  );
});

test('no text at all leaves a sign of markup behind', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const shown = String(html`${text}`);
      assert.doesNotMatch(shown, /[<>"']/);
      assert.doesNotMatch(shown.replaceAll(/&(amp|lt|gt|quot|#39);/g, ''), /&/);
    }),
  );
});

test('markup inside markup is not escaped twice', () => {
  assert.equal(
    String(html`<ul>${[html`<li>${'a&b'}</li>`, html`<li>c</li>`]}</ul>`),
    '<ul><li>a&amp;b</li><li>c</li></ul>',
  );
});

test('nothing is printed for what is not there, and zero is', () => {
  assert.equal(String(html`[${undefined}${null}${false}${true}${nothing}${[]}${0}]`), '[0]');
});

test('JSON that pretends to be escaped markup is escaped', () => {
  const forged = JSON.parse('{"isEscaped":true,"callbacks":null,"x":"<b>"}') as HtmlValue;
  assert.doesNotMatch(String(html`${forged}`), /<b>/);
});

test('a promise in a page is refused at once', () => {
  assert.throws(() => html`${Promise.resolve('late') as unknown as HtmlValue}`, /promises/);
});

test('parts are joined with an escaped separator', () => {
  assert.equal(String(join(['a', raw('<b>b</b>'), 'c'], ' < ')), 'a &lt; <b>b</b> &lt; c');
});

test('attributes are left out when false or undefined, bare when true, escaped otherwise', () => {
  const made = attributes({ id: 'a"b', hidden: true, disabled: false, title: undefined, rows: 3 });
  assert.equal(String(made), ' id="a&quot;b" hidden rows="3"');
});

test('an attribute name that could leave the tag is refused', () => {
  for (const name of ['on click', 'a>b', 'a"', '', 'a=b', 'A'])
    assert.throws(() => attributes({ [name]: 'x' }), TypeError);
});

test('classes that do not apply are left out', () => {
  assert.equal(classes('a', false, undefined, '', 'b'), 'a b');
});
