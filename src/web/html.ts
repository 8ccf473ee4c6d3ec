import { html as escapingTemplate, raw as trustedText } from 'hono/html';

declare const escaped: unique symbol;

/** Markup that is safe to send: every text in it was escaped, or came through `raw`. `String(html)` gives its letters. */
export type Html = { readonly [escaped]: true; toString(): string };

/** A text to be escaped, or markup. What labels, cells and paragraphs take. */
export type Text = string | Html;

/** What may stand in a template: nothing is printed for undefined, null and booleans; lists are printed in order. */
export type HtmlValue = Html | string | number | bigint | boolean | null | undefined | readonly HtmlValue[];

/** Escapes each string for text and for quoted attributes. Unquoted attributes and `<script>` are not safe places. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const made = escapingTemplate(strings, ...values);
  // The template engine answers with a promise when a value is one. The type forbids it, a cast may not.
  if (made instanceof Promise) throw new TypeError('a page is made of values that are already there, not of promises');
  return made as unknown as Html;
}

/** Trusts the text as markup. Only for constants of the source and for markup made by a library from checked input. */
export function raw(markup: string): Html {
  return trustedText(markup) as unknown as Html;
}

export const nothing: Html = raw('');

export function join(parts: readonly HtmlValue[], separator: Text = ''): Html {
  return html`${parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]))}`;
}

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

const ATTRIBUTE_NAME = /^[a-z][a-z0-9-]*$/;
const UNSAFE = /[&<>"']/;

/**
 * Attributes with a space before each: `true` prints the bare name, `false` and undefined print nothing.
 * Names are constants of the source; a name that could break out of the tag throws.
 */
export function attributes(values: Attributes): Html {
  let markup = '';
  for (const [name, value] of Object.entries(values)) {
    if (!ATTRIBUTE_NAME.test(name)) throw new TypeError(`"${name}" is not an attribute name`);
    if (value === undefined || value === false) continue;
    if (value === true) markup += ` ${name}`;
    else {
      const text = String(value);
      // One string instead of one template per attribute: more than twice as many tables of 30 rows a second.
      markup += ` ${name}="${UNSAFE.test(text) ? html`${text}` : text}"`;
    }
  }
  return raw(markup);
}

/** The classes that apply, parted by spaces. */
export function classes(...names: readonly (string | false | undefined)[]): string {
  return names.filter((name) => name !== undefined && name !== false && name !== '').join(' ');
}
