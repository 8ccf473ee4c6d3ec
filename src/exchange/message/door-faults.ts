export type FaultFacts = {
  readonly status: number;
  /** The last part of X-Road's code up to 7.7; the part before it says which side raised it. */
  readonly code: string;
  readonly title: string;
  readonly remedy: string;
};

export const fault = (status: number, code: string, title: string, remedy: string): FaultFacts => ({
  status,
  code,
  title,
  remedy,
});

export const ASK_PROVIDER = 'Ask the operator of the provider’s gateway.';

const ASK_REGISTRY = 'Ask the operator of the registry; messages go on under the list that is held until it expires.';
const SOMEBODY_BETWEEN =
  'Find out who stands between this gateway and the registry, and compare the anchor by telephone.';

/** What is refused or fails on the way in and out: connections, certificates, HTTP itself, half an answer. */
export const DOOR_FAULTS = {
  'identifier-encoding': fault(
    400,
    'InternalError',
    'A part of an identifier is not percent-encoded UTF-8',
    'Encode each part once, without control or invisible characters.',
  ),
  'identifier-traversal': fault(
    400,
    'InternalError',
    'A part of an identifier would lead elsewhere in a path',
    'Send codes that are not dot segments, and no backslash.',
  ),
  'request-unparsable': fault(
    400,
    'InvalidRequest',
    'The request is not HTTP that can be read without doubt',
    'Send one length, whole chunks, and headers without control characters.',
  ),
  'length-ambiguous': fault(
    400,
    'InvalidRequest',
    'How long the body is can be read in two ways',
    'Send one Content-Length in digits, or chunks, never both.',
  ),
  'chunk-malformed': fault(
    400,
    'InvalidRequest',
    'A chunk of the body is not what it says',
    'Send each chunk with its size in hexadecimal digits, and no more bytes than that.',
  ),
  'header-malformed': fault(
    400,
    'InvalidRequest',
    'A header holds what no header may',
    'Send each header on one line, without control characters.',
  ),
  'headers-too-large': fault(
    431,
    'InvalidRequest',
    'The headers are too large',
    'Send headers of at most 32 KiB in all.',
  ),
  'gateway-overloaded': fault(
    503,
    'InternalError',
    'The gateway has as many messages under way as it takes on',
    'Wait as Retry-After says, then send again; nothing was passed on.',
  ),
  'too-many-at-once': fault(
    429,
    'AccessDenied',
    'This caller has as many messages under way as it may',
    'Wait for answers before sending more, as Retry-After says; nothing was passed on.',
  ),
  'too-fast': fault(
    429,
    'AccessDenied',
    'This caller sends more messages a second than it may',
    'Send more slowly, as Retry-After says; nothing was passed on.',
  ),
  'request-too-slow': fault(
    408,
    'IOError',
    'The request did not come in time',
    'Send the request without long pauses.',
  ),
  'peer-timeout': fault(
    504,
    'NetworkError',
    'The provider’s gateway did not answer in time',
    'Try again later; whether the service did its work is not known.',
  ),
  'peer-answer-cut': fault(
    502,
    'IOError',
    'The answer of the provider’s gateway broke off',
    'Try again later; whether the service did its work is not known.',
  ),
  'peer-certificate-refused': fault(
    502,
    'SslAuthenticationFailed',
    'The provider’s gateway shows a certificate that does not count',
    ASK_PROVIDER,
  ),
  'peer-tls-refused': fault(
    502,
    'SslAuthenticationFailed',
    'The provider’s gateway does not speak TLS 1.3',
    ASK_PROVIDER,
  ),
  'tls-version-refused': fault(
    426,
    'SslAuthenticationFailed',
    'Only TLS 1.3 is spoken here',
    'Speak TLS 1.3. There is no answer to read: the handshake ends with an alert, and this gateway counts it.',
  ),
  'tls-handshake-failed': fault(
    400,
    'SslAuthenticationFailed',
    'What came is no TLS handshake',
    'Speak TLS 1.3 with the certificate of a gateway. There is no answer to read: the connection is closed and counted.',
  ),
  'certificate-missing': fault(
    401,
    'SslAuthenticationFailed',
    'No client certificate was shown',
    'Show the TLS certificate that the registry issued for the sending gateway.',
  ),
  'certificate-revoked': fault(
    401,
    'SslAuthenticationFailed',
    'The certificate was revoked',
    'The sending gateway must ask the registry for new certificates.',
  ),
  'certificate-expired': fault(
    401,
    'SslAuthenticationFailed',
    'The certificate has expired',
    'The sending gateway must renew its certificates: ./wasl gateway renew.',
  ),
  'certificate-not-yet-valid': fault(
    401,
    'SslAuthenticationFailed',
    'The certificate is not valid yet',
    'Set the clocks of both gateways by a time server, or wait until it is.',
  ),
  // A list that was refused leaves the held one in force: these are told to operators, and messages go on until it ends.
  'trust-list-forged': fault(
    503,
    'OutdatedGlobalConf',
    'The trust list is not signed by the registry',
    SOMEBODY_BETWEEN,
  ),
  'trust-list-malformed': fault(503, 'OutdatedGlobalConf', 'The trust list cannot be read', ASK_REGISTRY),
  'trust-list-stale': fault(
    503,
    'OutdatedGlobalConf',
    'The registry gives a trust list that has expired',
    ASK_REGISTRY,
  ),
  'trust-list-not-yet-valid': fault(
    503,
    'OutdatedGlobalConf',
    'The trust list was issued in the future',
    'Set the clocks of this gateway and of the registry by a time server.',
  ),
  'trust-list-rolled-back': fault(
    503,
    'OutdatedGlobalConf',
    'The trust list is older than the one that is held',
    SOMEBODY_BETWEEN,
  ),
  'trust-list-equivocal': fault(
    503,
    'OutdatedGlobalConf',
    'There are two trust lists of one version',
    SOMEBODY_BETWEEN,
  ),
  'trust-anchor-refused': fault(
    503,
    'OutdatedGlobalConf',
    'A change of the registry’s keys does not verify',
    SOMEBODY_BETWEEN,
  ),
  'registry-unreachable': fault(
    503,
    'OutdatedGlobalConf',
    'The registry cannot be reached',
    'Look at the network to the registry; messages go on until the trust list expires.',
  ),
  'service-answer-cut': fault(
    502,
    'IOError',
    'The service’s answer broke off',
    'Try again later; whether the service did its work is not known.',
  ),
  'service-answer-excessive': fault(
    502,
    'ServiceFailed',
    'The service’s answer is nested too deeply to be reduced',
    ASK_PROVIDER,
  ),
  'service-answer-ambiguous': fault(
    502,
    'ServiceFailed',
    'The service’s answer has a member that stands twice',
    'Ask the operator of the provider’s service: one name, one member, in each object of its answers.',
  ),
  'service-answer-unsafe': fault(
    502,
    'ServiceFailed',
    'The service’s answer has a member that could poison a program',
    ASK_PROVIDER,
  ),
} as const satisfies Record<string, FaultFacts>;
