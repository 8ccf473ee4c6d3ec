/**
 * Endpoint patterns of X-Road: `*` stands for anything within one path segment, `**` for anything at all. The path
 * is decoded and its dot segments are found before it is compared: `/api/%2e%2e/secret` must not pass as `/api/*`.
 */
export function matchesGlob(glob: string, path: string): boolean {
  return compile(glob).test(path);
}

const compiled = new Map<string, RegExp>();

function compile(glob: string): RegExp {
  const known = compiled.get(glob);
  if (known !== undefined) return known;
  const source = glob
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  const pattern = new RegExp(`^${source}$`, 's');
  // Globs come from agreements, not from messages; the bound only guards against a long-lived leak.
  if (compiled.size > 10_000) compiled.clear();
  compiled.set(glob, pattern);
  return pattern;
}

/**
 * The path as a service would understand it, or undefined where it tries to leave its place: a dot segment (plain or
 * encoded, once or twice), an encoded slash or backslash, a null byte, or encoding that is not UTF-8.
 */
export function readServicePath(rawPath: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(rawPath);
  } catch {
    return undefined;
  }
  if (/%2f|%5c|%00|%25/i.test(rawPath)) return undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\\]/.test(decoded)) return undefined;
  if (decoded.split('/').some((segment) => segment.split(';')[0] === '..' || segment.split(';')[0] === '.')) {
    return undefined;
  }
  return decoded === '' ? '/' : decoded;
}
