/**
 * What operators do, by name. Each is an entry of the ledger of the gateway (or registry), in the transaction of the
 * change itself; an act that was refused has its entry too. Areas add their own here: docs/audit-events.md is made of it.
 */
export const OPERATOR_EVENTS = {
  'operator.added': 'an account was made, with its roles and a one-time link',
  'operator.roles-changed': 'the roles of an account were changed',
  'operator.disabled': 'an account was closed, with its sessions, tokens and passkeys',
  'operator.link-made': 'a new one-time link was made for an account',
  'operator.enrolled': 'a passkey was registered with a one-time link',
  'operator.signed-in': 'a session was opened with a passkey',
  'operator.signed-out': 'a session was closed',
  'operator.token-made': 'an API token was made',
  'operator.token-revoked': 'an API token was revoked',
  'service.put': 'a service was added or changed',
  'service.described': 'the OpenAPI description of a service was given',
  'agreement.put': 'a version of an agreement was brought in',
  'agreement.status-changed': 'an agreement was suspended, resumed or ended',
  'evidence.exported': 'the evidence of an exchange was taken out',
} as const;

export type OperatorEventName = keyof typeof OPERATOR_EVENTS;
