export { parseNetworks } from './address/networks.ts';
export { type LegalRegister, parseLegalRegister } from './agreement/legal.ts';
export { makeIdentity, recipientsIn, recipientsPath } from './archive/keys.ts';
export {
  type ExchangeAnswer,
  type ExchangeCall,
  type ExchangeClient,
  type ExchangeFailure,
  exchangeClient,
} from './client/client.ts';
export { formatLetter, type LetterKey, parseLetter } from './events/model.ts';
export { describeProof, isFailure, type ProofReport, verifyProof } from './evidence/any.ts';
export { verifyEvidenceFiles } from './evidence/files.ts';
export { openPeriod, type PeriodEntry, type PeriodHead, readPeriodSeal } from './evidence/period.ts';
export { EVIDENCE_STEPS, type EvidenceRefusal, type EvidenceReport, type EvidenceStep } from './evidence/report.ts';
export { verifyTimestampFiles } from './evidence/timestamp-files.ts';
export { describeTimestampRefusal, describeTimestamps } from './evidence/timestamp-words.ts';
export { verifyEvidence } from './evidence/verify.ts';
export { describeRefusal, type EvidenceWords } from './evidence/words.ts';
export { DOOR_LIMITS } from './gateway/admission.ts';
export { type Gateway, type GatewayOptions, openGateway } from './gateway/gateway.ts';
export { GATEWAY_MIGRATIONS } from './gateway/migration-sets.ts';
export type { GatewaySettings, ServiceEntry } from './gateway/model.ts';
export { trustState } from './gateway/trust-state.ts';
export type { Agreement } from './message/agreement.ts';
export { type Dialect, FAULTS, type FaultSlug } from './message/fault.ts';
export { formatService, formatSubsystem, parseService, parseSubsystem } from './message/identifiers.ts';
export { OPERATOR_EVENTS } from './operators/events.ts';
export { OPERATOR_ROLES } from './operators/model.ts';
export type { Operators } from './operators/operators.ts';
export { REGISTRY_MIGRATIONS } from './registry/migration-sets.ts';
export type { Admission } from './registry/model.ts';
export { REGISTRY_DEFAULTS, type Registry, type RegistrySettings } from './registry/registry.ts';
export { openRegistryServer, type RegistryServer, type RegistryServerOptions } from './registry/server.ts';
export { issueToken } from './registry/service/admit.ts';
export { joinGateway } from './registry/service/join.ts';
export { initRegistry } from './registry/service/open.ts';
export { currentTrustList, publishTrustList } from './registry/service/publish.ts';
export { reviveRegistry } from './registry/service/revive.ts';
export { parseOpenApi, type ServiceDescription } from './service/openapi.ts';
export { openServicePublisher } from './service/publish.ts';
export { type InternalTls, type InternalTlsFiles, openInternalTls } from './systems/internal-tls.ts';
export { keptTimestamps, type TimestampFacts } from './timestamp/store.ts';
export type { TrialSample } from './trial/model.ts';
export { openTrialServer, type TrialServer } from './trial/server.ts';
export { anchorText } from './trust/anchor.ts';
export { type Applicant, askRegistry, requestStatus } from './trust/asking.ts';
export { certificateId } from './trust/certificate.ts';
export {
  anchorPath,
  type JoinedGateway,
  type JoinOptions,
  joinAsGateway,
  ownStatement,
  readAnchorFile,
} from './trust/join.ts';
export { keptLedgerToken, loadGatewayKeys } from './trust/keys.ts';
export {
  type AnchorKey,
  type GatewayKeys,
  type GatewayStatement,
  parseAnchor,
  type TrustAnchor,
  type TrustList,
  type TrustSource,
} from './trust/model.ts';
export { watchNewKeys } from './trust/new-keys.ts';
export { leaveRegistry, type RenewOptions, renewGateway } from './trust/renew.ts';
export { type HeldList, parseTrustList, readTrustList, type TrustRefusal } from './trust/rules.ts';
export { openTrustStore, type RefreshRefusal, type TrustStore, type TrustStoreOptions } from './trust/source.ts';
export { verifyDocument } from './verifier/document.ts';
export { verifyRoutes } from './verifier/routes.ts';
