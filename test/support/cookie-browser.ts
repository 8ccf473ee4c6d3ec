export type Page = {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
};

type Cookie = { readonly origin: string; readonly path: string; readonly name: string; readonly value: string };

/** A browser without script: keeps cookies by origin and path as RFC 6265 says, and follows redirects when asked. */
export type CookieBrowser = {
  /** One request; redirects are given back as they are. */
  get(url: URL | string, headers?: Record<string, string>): Promise<Page>;
  post(url: URL | string, form: Record<string, string>, headers?: Record<string, string>): Promise<Page>;
  /** Follows redirects until `isEnd` accepts the next address, or until a page comes. */
  walk(url: URL | string, isEnd?: (url: URL) => boolean): Promise<Page>;
  cookies(): readonly Cookie[];
  /** A second browser with the same cookies, as a thief of cookies would have. */
  copy(): CookieBrowser;
};

export function cookieBrowser(cookies: readonly Cookie[] = []): CookieBrowser {
  const kept = new Map(cookies.map((cookie) => [keyOf(cookie), cookie]));
  const send = async (url: URL, init: RequestInit & { readonly headers: Record<string, string> }): Promise<Page> => {
    const cookie = [...kept.values()]
      .filter(({ origin, path }) => origin === url.origin && url.pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const headers = { accept: 'text/html', ...(cookie === '' ? {} : { cookie }), ...init.headers };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) keep(kept, url.origin, line);
    return { url, status: response.status, headers: response.headers, body: await response.text() };
  };
  const browser: CookieBrowser = {
    get: (url, headers = {}) => send(new URL(url), { headers }),
    post: (url, form, headers = {}) => send(new URL(url), { method: 'POST', body: new URLSearchParams(form), headers }),
    async walk(start, isEnd = () => false) {
      let page = await browser.get(start);
      for (let step = 0; step < 12; step += 1) {
        const location = page.headers.get('location');
        if (location === null) return page;
        const next = new URL(location, page.url);
        if (isEnd(next)) return { ...page, url: next };
        page = await browser.get(next);
      }
      throw new Error(`no end of redirects at ${page.url}`);
    },
    cookies: () => [...kept.values()],
    copy: () => cookieBrowser([...kept.values()]),
  };
  return browser;
}

function keyOf(cookie: Cookie): string {
  return `${cookie.origin} ${cookie.path} ${cookie.name}`;
}

function keep(kept: Map<string, Cookie>, origin: string, line: string): void {
  const [pair = '', ...attributes] = line.split(/;\s*/);
  const at = pair.indexOf('=');
  const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
  const cookie = { origin, path, name: pair.slice(0, at), value: pair.slice(at + 1) };
  const isOver = attributes.some((attribute) => /^max-age=0$|^expires=thu, 01 jan 1970/i.test(attribute));
  if (isOver) kept.delete(keyOf(cookie));
  else kept.set(keyOf(cookie), cookie);
}
