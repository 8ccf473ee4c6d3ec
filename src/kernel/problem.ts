/**
 * The errors that a boundary answers with (RFC 9457). A problem carries its own HTTP face: status, the slug of
 * its page in docs/problems.md, and a public `detail`. `cause` is for the log only and never leaves the process.
 */
export type FieldError = {
  /** The field as the caller named it: a form field, a JSON pointer, a header. */
  readonly field: string;
  /** What is wrong and what to do about it, in the caller's language where one is known. */
  readonly message: string;
};

export type ProblemOptions = {
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Extension members of RFC 9457 section 3.2. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
};

export class Problem extends Error {
  readonly status: number;
  readonly slug: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(status: number, slug: string, title: string, options: ProblemOptions) {
    super(`${slug}: ${options.detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.status = status;
    this.slug = slug;
    this.title = title;
    this.detail = options.detail;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
    this.extensions = options.extensions ?? {};
  }

  /** The body of `application/problem+json` (RFC 9457 section 3.1). `base` is where problem pages are served. */
  toJson(base: string): Record<string, unknown> {
    return {
      type: `${base}/problems/${this.slug}`,
      title: this.title,
      status: this.status,
      detail: this.detail,
      ...(this.errors.length > 0 ? { errors: this.errors } : {}),
      ...this.extensions,
    };
  }
}

export const malformed = (detail: string, errors: readonly FieldError[] = []): Problem =>
  new Problem(400, 'malformed', 'The request cannot be read', { detail, errors });
export const unauthenticated = (detail: string): Problem =>
  new Problem(401, 'unauthenticated', 'Sign in first', { detail });
export const forbidden = (detail: string): Problem =>
  new Problem(403, 'forbidden', 'This is not allowed to you', { detail });
export const notFound = (detail: string): Problem => new Problem(404, 'not-found', 'There is nothing here', { detail });
export const conflict = (detail: string): Problem =>
  new Problem(409, 'conflict', 'The state has changed meanwhile', { detail });
export const tooLarge = (detail: string): Problem => new Problem(413, 'too-large', 'Too large', { detail });
export const invalid = (detail: string, errors: readonly FieldError[] = []): Problem =>
  new Problem(422, 'invalid', 'Some values are not acceptable', { detail, errors });
export const tooMany = (detail: string, retryAfterSeconds: number): Problem =>
  new Problem(429, 'too-many-requests', 'Too many requests', {
    detail,
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
export const unavailable = (detail: string, cause?: unknown): Problem =>
  new Problem(503, 'unavailable', 'Not available at the moment', {
    detail,
    ...(cause === undefined ? {} : { cause }),
  });
