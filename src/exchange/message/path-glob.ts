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
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/\\u0001]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  const pattern = new RegExp(`^${source}$`, 's');
  // Globs come from agreements, not from messages; the bound only guards against a long-lived leak.
  if (compiled.size > 10_000) compiled.clear();
  compiled.set(glob, pattern);
  return pattern;
}

/** Stands for an encoded slash: only `**` covers it, since services disagree whether it parts segments. */
const HIDDEN_SLASH = '\u0001';

/**
 * The path as a service would understand it, or undefined where it tries to leave its place: a dot segment (plain or
 * encoded, once or twice), a backslash, a null byte, or encoding that is not UTF-8.
 */
export function readServicePath(rawPath: string): string | undefined {
  const decoded = decode(rawPath);
  if (decoded === undefined || leavesItsPlace(decoded)) return undefined;
  // A service that decodes once more must not be led elsewhere either; a lone percent sign leads nowhere.
  const twice = decode(decoded);
  if (/%2f|%5c/i.test(decoded) || (twice !== undefined && leavesItsPlace(twice))) return undefined;
  const path = decode(rawPath.replace(/%2f/gi, HIDDEN_SLASH)) ?? '';
  return path === '' ? '/' : path;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function leavesItsPlace(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return true;
  return path.split('/').some((segment) => ['.', '..'].includes(segment.split(';')[0] ?? ''));
}
