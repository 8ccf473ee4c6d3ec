/** A person at the portal without a browser: keeps the session, reads pages, posts forms, as HTML and nothing else. */
export type Visitor = {
  get(path: string): Promise<Visit>;
  /** Posts what the page's form already holds, with `fields` on top. */
  submit(path: string, page: Visit, fields: Readonly<Record<string, string>>): Promise<Visit>;
  download(path: string): Promise<Buffer>;
};

export type Visit = { readonly url: string; readonly path: string; readonly status: number; readonly html: string };

export function visitor(
  baseUrl: string,
  session: { readonly cookie: string; readonly csrf: string } | undefined,
): Visitor {
  const headers = { accept: 'text/html', ...(session === undefined ? {} : { cookie: session.cookie }) };
  const visit = async (response: Response): Promise<Visit> => {
    const { pathname, search } = new URL(response.url);
    return { url: response.url, path: pathname + search, status: response.status, html: await response.text() };
  };
  return {
    get: async (path) => visit(await fetch(new URL(path, baseUrl), { headers })),
    submit: async (path, page, fields) => {
      const body = new URLSearchParams({ ...formValues(page.html, path), ...fields, _csrf: session?.csrf ?? '' });
      return visit(await fetch(new URL(path, baseUrl), { method: 'POST', headers, body }));
    },
    download: async (path) => {
      const response = await fetch(new URL(path, baseUrl), { headers: { ...headers, accept: '*/*' } });
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      return Buffer.from(await response.arrayBuffer());
    },
  };
}

/** The values that a page's form for `action` would send as it stands: prefilled fields, ticked boxes, chosen options. */
export function formValues(html: string, action: string): Record<string, string> {
  const form =
    [...html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)]
      .map((match) => match[0])
      .find((text) => text.includes(`action="${action}"`)) ?? '';
  const values: Record<string, string> = {};
  for (const [tag] of form.matchAll(/<input\b[^>]*>/g)) {
    const name = attribute(tag, 'name');
    const type = attribute(tag, 'type') ?? 'text';
    if (name === undefined || type === 'file' || type === 'submit') continue;
    if ((type === 'radio' || type === 'checkbox') && !/\schecked\b/.test(tag)) continue;
    values[name] = attribute(tag, 'value') ?? '';
  }
  for (const match of form.matchAll(/<select\b[^>]*name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g)) {
    const chosen = /<option\b[^>]*\sselected[^>]*>/.exec(match[2] ?? '')?.[0];
    if (chosen !== undefined) values[match[1] ?? ''] = attribute(chosen, 'value') ?? '';
  }
  for (const match of form.matchAll(/<textarea\b[^>]*name="([^"]*)"[^>]*>([\s\S]*?)<\/textarea>/g))
    values[match[1] ?? ''] = decode((match[2] ?? '').trim());
  return values;
}

/** The value of an attribute in the first tag that has it. */
export function attributeIn(html: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(html)?.[1];
  return value === undefined ? undefined : decode(value);
}

/** Every tag that carries an attribute. */
export function tagsWith(html: string, name: string): readonly string[] {
  return [...html.matchAll(new RegExp(`<\\w+\\b[^>]*\\s${name}[^>]*>`, 'g'))].map((match) => match[0]);
}

export function attribute(tag: string, name: string): string | undefined {
  return attributeIn(` ${tag}`, name);
}

function decode(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
