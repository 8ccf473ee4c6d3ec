import { Problem } from '../../kernel/index.ts';

/** What the registry refuses, as problems (RFC 9457). */
export const tokenRefused = (detail: string): Problem =>
  new Problem(403, 'join-token', 'The token does not let you join', { detail });

export const joinConflict = (detail: string): Problem =>
  new Problem(409, 'join-conflict', 'Another gateway has this already', { detail });

export const requestRefused = (field: string, detail: string): Problem =>
  new Problem(422, 'join-request', 'The request to join cannot be accepted', {
    detail: `${field} ${detail}`,
    errors: [{ field, message: detail }],
  });

export const requestNotSigned = (detail: string): Problem =>
  new Problem(403, 'request-signature', 'The request is not signed as it must be', { detail });

/** Two operators decided at once, or one decided before: who did, and what. */
export const requestDecided = (by: { state: string; decidedBy: string; decidedAt: string }): Problem =>
  new Problem(409, 'request-decided', 'The request has been decided already', {
    detail: `It was ${by.state} by ${by.decidedBy} at ${by.decidedAt}.`,
    extensions: by,
  });

export const inUse = (detail: string): Problem => new Problem(409, 'registry-in-use', 'It is in use', { detail });

export const federationRefused = (detail: string): Problem =>
  new Problem(422, 'federation-refused', 'The other registry cannot be trusted', { detail });
