type Kept = { readonly origin: string; readonly path: string; readonly name: string; readonly value: string };

/** The cookies of one imagined browser. */
type Jar = { readonly headerFor: (url: URL) => string; readonly take: (url: URL, response: Response) => void };

export type SignedIn = {
  /** For the header `cookie`. */
  readonly cookie: string;
  /** For the field `_csrf` of each form. */
  readonly csrf: string;
};

const MAX_STEPS = 12;

/**
 * Signs in as one of the simulator's people, for programs: follows the redirects of a browser over real sockets,
 * posts the simulator's form, and reads the session's form token. Throws with the step at which it stopped.
 */
export async function signInAs(portalUrl: string, nationalId: string): Promise<SignedIn> {
  const portal = new URL(portalUrl);
  const jar = openJar();
  const page = await follow(jar, new URL('/auth/login?return=/ar/', portal), undefined, (url) =>
    url.pathname.startsWith('/interaction/'),
  );
  const choice = new URLSearchParams({ person: nationalId });
  await follow(jar, page, choice, (url) => url.origin === portal.origin && url.pathname !== '/auth/callback');
  const cookie = jar.headerFor(portal);
  const response = await fetch(new URL('/auth/session', portal), { headers: { cookie, accept: 'application/json' } });
  if (!response.ok) throw new Error(`sign-in as a simulated person ended without a session (${response.status})`);
  const { csrf } = (await response.json()) as { readonly csrf: string };
  return { cookie, csrf };
}

/** Goes from redirect to redirect until `isEnd` says that the next address is the end; gives that address. */
async function follow(
  jar: Jar,
  start: URL,
  form: URLSearchParams | undefined,
  isEnd: (url: URL) => boolean,
): Promise<URL> {
  let url = start;
  let body = form;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { cookie: jar.headerFor(url), accept: 'text/html' },
      ...(body === undefined ? {} : { body }),
    });
    jar.take(url, response);
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (location === null)
      throw new Error(`sign-in stopped at ${url.origin}${url.pathname}: status ${response.status}`);
    url = new URL(location, url);
    body = undefined;
    if (isEnd(url)) return url;
  }
  throw new Error(`sign-in went through ${MAX_STEPS} redirects without an end`);
}

function openJar(): Jar {
  const kept = new Map<string, Kept>();
  return {
    headerFor: (url) =>
      [...kept.values()]
        .filter(({ origin, path }) => origin === url.origin && url.pathname.startsWith(path))
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
    take(url, response) {
      for (const line of response.headers.getSetCookie()) {
        const [pair = '', ...attributes] = line.split(/;\s*/);
        const at = pair.indexOf('=');
        const name = pair.slice(0, at);
        const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
        const isOver = attributes.some(
          (attribute) => /^max-age=0$/i.test(attribute) || /^expires=Thu, 01 Jan 1970/i.test(attribute),
        );
        const key = `${url.origin} ${path} ${name}`;
        if (isOver) kept.delete(key);
        else kept.set(key, { origin: url.origin, path, name, value: pair.slice(at + 1) });
      }
    },
  };
}
