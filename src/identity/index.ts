export { languageOf } from './guard.ts';
export { type Identity, type IdentityOptions, openIdentity } from './identity.ts';
export { assertIssuerUrl } from './issuer.ts';
export { type IdentityKeys, identityKeys, openIdentityKeys } from './keys.ts';
export {
  type Access,
  type ClaimNames,
  DEFAULT_CLAIMS,
  type Person,
  parseNationalId,
  parseReturnPath,
  preferredLanguage,
  type Role,
  type RoleGrant,
  type Session,
} from './model.ts';
export { inOfficesOf } from './offices.ts';
export {
  type DecisionRefusal,
  type Lifetime,
  mayActFor,
  mayDecideOn,
  mayEnter,
  officesOf,
} from './rules.ts';
export type { NewGrant } from './service/role.ts';
export type { SimulatedPerson, Simulator, SimulatorOptions } from './simulator/model.ts';
export { openSimulator } from './simulator/open.ts';
export { type SignedIn, signInAs } from './simulator/sign-in.ts';
