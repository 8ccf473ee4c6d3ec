import {
  decodeBase64url,
  err,
  type IsoDate,
  isLanguage,
  type Language,
  ok,
  parseIsoDate,
  type Result,
} from '../kernel/index.ts';

/** A person as the platform knows them; the national identity number is not in it, see `nationalIdOf`. */
export type Person = {
  /** Opaque, ours, and the same at every sign-in. */
  readonly id: string;
  readonly name: { readonly ar: string; readonly fr: string };
  readonly birthDate?: IsoDate;
};

export const ROLES = ['agent', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** A role in one office; a person may hold several. */
export type RoleGrant = { readonly id: string; readonly role: Role; readonly office: string };

export type Session = {
  readonly id: string;
  readonly person: Person;
  /** Those in force at the moment of the request. */
  readonly roles: readonly RoleGrant[];
  /** Whether the issuer gave a national identity number: without it nobody files. */
  readonly isIdentified: boolean;
  /** The class of authentication that the issuer stated at sign-in. */
  readonly acr: string;
  readonly authenticatedAt: Date;
  /** To be sent back with every form, in the field `_csrf`. */
  readonly csrf: string;
};

/** Who may call a route. `citizen` is anybody signed in with a national identity number, agents included. */
export type Access = 'public' | 'signed-in' | 'citizen' | 'agent' | 'operator';

/** What an issuer says about a person, read and bounded. */
export type Identification = {
  readonly issuer: string;
  readonly subject: string;
  readonly name: { readonly ar: string; readonly fr: string };
  readonly birthDate: IsoDate | undefined;
  readonly nationalId: string | undefined;
  readonly acr: string;
  readonly authenticatedAt: Date;
};

/** Where an issuer keeps what we need: claims whose values are joined by a space, in this order. */
export type ClaimNames = {
  readonly nameAr: readonly string[];
  readonly nameFr: readonly string[];
  readonly birthDate: string;
  readonly nationalId: string;
};

/** OpenID Connect Core 5.2 marks a claim's language by `#`. */
export const DEFAULT_CLAIMS: ClaimNames = {
  nameAr: ['name#ar'],
  nameFr: ['name#fr'],
  birthDate: 'birthdate',
  nationalId: 'national_id',
};

export type ClaimRefusal = { readonly kind: 'claim-missing' | 'claim-malformed'; readonly claim: string };

type Claims = Readonly<Record<string, unknown>>;

/** Longer than any name in the register; what is longer is an attack or a fault. */
const MAX_NAME = 200;

/**
 * Reads the claims of a verified ID token and UserInfo answer. A name in one script only stands for both; a birth
 * date and a national identity number may be absent, but not malformed.
 */
export function parseClaims(claims: Claims, names: ClaimNames, issuer: string): Result<Identification, ClaimRefusal> {
  const subject = claims['sub'];
  if (typeof subject !== 'string' || subject === '') return missing('sub');
  if (subject.length > 255) return malformedClaim('sub');
  const ar = joinedName(claims, names.nameAr);
  const fr = joinedName(claims, names.nameFr);
  const either = ar ?? fr ?? joinedName(claims, ['name']);
  if (either === undefined) return missing(names.nameAr.join(' '));
  const birthDate = optional(claims[names.birthDate], parseIsoDate);
  if (!birthDate.ok) return malformedClaim(names.birthDate);
  const nationalId = optional(claims[names.nationalId], parseNationalId);
  if (!nationalId.ok) return malformedClaim(names.nationalId);
  const authTime = claims['auth_time'];
  if (typeof authTime !== 'number' || !Number.isSafeInteger(authTime)) return missing('auth_time');
  return ok({
    issuer,
    subject,
    name: { ar: ar ?? either, fr: fr ?? either },
    birthDate: birthDate.value,
    nationalId: nationalId.value,
    acr: parseAcr(claims['acr']),
    authenticatedAt: new Date(authTime * 1000),
  });
}

function missing(claim: string): Result<never, ClaimRefusal> {
  return err({ kind: 'claim-missing', claim });
}

function malformedClaim(claim: string): Result<never, ClaimRefusal> {
  return err({ kind: 'claim-malformed', claim });
}

function joinedName(claims: Claims, names: readonly string[]): string | undefined {
  const parts = names.map((name) => claims[name]).filter((part) => typeof part === 'string');
  const joined = parts
    .join(' ')
    .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  return joined === '' || joined.length > MAX_NAME ? undefined : joined;
}

function optional<T>(value: unknown, parse: (text: string) => T | undefined): Result<T | undefined, 'malformed'> {
  if (value === undefined || value === null || value === '') return ok(undefined);
  const parsed = typeof value === 'string' ? parse(value) : undefined;
  return parsed === undefined ? err('malformed') : ok(parsed);
}

/** An issuer that states no class is taken at the lowest: no right may come from silence. */
function parseAcr(value: unknown): string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value) ? value : 'unstated';
}

/**
 * The number of a national identity card or of a residence card in its one spelling: Latin capitals and digits.
 * Undefined when it cannot be one. Both spellings of a number must give the same index.
 */
export function parseNationalId(text: string): string | undefined {
  const folded = text.replaceAll(/[\s-]/g, '').toUpperCase();
  return /^(?=.*[0-9])[A-Z0-9]{3,20}$/.test(folded) ? folded : undefined;
}

/** What an office is called in grants and dossiers. */
export function isOffice(text: string): boolean {
  return /^[a-z0-9][a-z0-9.:/_-]{0,99}$/.test(text);
}

const ELSEWHERE = 'https://elsewhere.invalid';

/**
 * An address on this site to go back to after sign-in, or undefined. The text comes from the address bar, so an
 * attacker may have made it (CWE-601): browsers take `//host`, `/\host` and `/<tab>/host` for other sites.
 */
export function parseReturnPath(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > 1000 || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text))
    return undefined;
  const url = URL.canParse(text, ELSEWHERE) ? new URL(text, ELSEWHERE) : undefined;
  if (url === undefined || url.origin !== ELSEWHERE) return undefined;
  const path = `${url.pathname}${url.search}`;
  // Dot segments may fold into a path that begins with two slashes; going back into a sign-in would go in circles.
  return path.startsWith('//') || path.startsWith('/auth/') ? undefined : path;
}

/** The language in which an address is written: `/fr/…`. */
export function languageOfPath(path: string): Language | undefined {
  const [, first] = path.split(/[/?#]/, 2);
  return isLanguage(first) ? first : undefined;
}

/** The first of our languages that the browser asks for, by its order and weights (RFC 9110, 12.5.4); Arabic else. */
export function preferredLanguage(accepted: string | undefined): Language {
  const wishes = (accepted ?? '').slice(0, 500).split(',').map(parseWish);
  const best = wishes.filter((wish) => wish.weight > 0).toSorted((a, b) => b.weight - a.weight);
  return best.map((wish) => wish.language).find(isLanguage) ?? 'ar';
}

function parseWish(text: string): { readonly language: string; readonly weight: number } {
  const [tag = '', ...parameters] = text.trim().split(/\s*;\s*/);
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
  return { language: tag.toLowerCase().split('-', 1)[0] ?? '', weight: Number(weight) || 0 };
}

/** A sign-in that has begun and not ended; it travels sealed in a cookie of the browser that began it. */
export type Attempt = {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnTo: string;
  readonly language: Language;
  readonly expiresAt: number;
};

export function parseAttempt(value: unknown): Attempt | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { state, nonce, verifier, returnTo, language, expiresAt } = value as Record<string, unknown>;
  const path = parseReturnPath(returnTo);
  if (typeof state !== 'string' || typeof nonce !== 'string' || typeof verifier !== 'string') return undefined;
  if (path === undefined || !isLanguage(language) || typeof expiresAt !== 'number') return undefined;
  return { state, nonce, verifier, returnTo: path, language, expiresAt };
}

/** The bytes of a session token as the cookie holds it; undefined for anything that we did not make. */
export function parseToken(text: string | undefined): Buffer | undefined {
  const bytes = text === undefined || text.length !== 43 ? undefined : decodeBase64url(text);
  return bytes?.length === 32 ? bytes : undefined;
}
