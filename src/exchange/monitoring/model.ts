/** One message as the gateway kept it: when it came, when it was answered, and with what. */
export type Exchanged = {
  readonly index: number;
  readonly exchange: string;
  readonly side: 'consumer' | 'provider';
  readonly peer: string;
  readonly client: string;
  readonly service: string;
  readonly xRoadId: string;
  /** `@method` of the signed request; undefined where it was refused before it was read whole. */
  readonly method: string | undefined;
  readonly at: Date;
  /** Null while there is no answer. */
  readonly answeredAt: Date | null;
  readonly status: number | null;
  readonly fault: string | null;
};

/**
 * A record by the names of X-Road's operational monitoring (PR-OPMON, `getSecurityServerOperationalData`). What names a
 * person is left out: the user, the path, the query. Sizes and the provider's inner times are not kept.
 */
export type OperationalRecord = {
  /** Seconds since 1970. */
  readonly monitoringDataTs: number;
  readonly securityServerType: 'Client' | 'Producer';
  /** Milliseconds since 1970. */
  readonly requestInTs: number;
  readonly responseOutTs?: number;
  readonly clientXRoadInstance: string;
  readonly clientMemberClass: string;
  readonly clientMemberCode: string;
  readonly clientSubsystemCode: string;
  readonly serviceXRoadInstance: string;
  readonly serviceMemberClass: string;
  readonly serviceMemberCode: string;
  readonly serviceSubsystemCode: string;
  readonly serviceCode: string;
  readonly messageId: string;
  readonly xRequestId: string;
  readonly messageProtocolVersion: '1';
  readonly serviceType: 'REST';
  readonly restMethod?: string;
  readonly statusCode?: number;
  readonly succeeded: boolean;
  readonly faultCode?: string;
};

export type OperationalQuery = {
  readonly from: Date;
  readonly until: Date;
  /** INST/CLASS/MEMBER/SUBSYSTEM: only what it asked or answered. */
  readonly subsystem?: string | undefined;
  /** Place in the ledger behind which to go on. */
  readonly after: number;
};

/** Of one service over a period, as `getSecurityServerHealthData` has it. Milliseconds. */
export type ServiceHealth = {
  readonly service: string;
  readonly lastSuccessfulRequestTimestamp: number | null;
  readonly lastUnsuccessfulRequestTimestamp: number | null;
  readonly lastPeriodStatistics: {
    readonly successfulRequestCount: number;
    readonly unsuccessfulRequestCount: number;
    readonly requestMinDuration: number | null;
    readonly requestAverageDuration: number | null;
    readonly requestMaxDuration: number | null;
    readonly requestDurationStdDev: number | null;
  };
};
