import type { KeyObject } from 'node:crypto';
import type { LocalText } from '../../kernel/index.ts';
import type { Log } from '../../platform/index.ts';

/** An invented person whom anybody may sign in as. */
export type SimulatedPerson = {
  readonly nationalId: string;
  readonly name: { readonly ar: string; readonly fr: string };
  /** `YYYY-MM-DD`. */
  readonly birthDate: string;
  /** What to know about them before choosing: "agent of …", "founder of a company". */
  readonly note?: LocalText;
};

export type SimulatorOptions = {
  /** The simulator does not start in production: it believes whatever is clicked. */
  readonly mode: 'demonstration' | 'production';
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly people: readonly SimulatedPerson[];
  readonly clientId: string;
  /** The relying party's key; only its public half is used. */
  readonly clientKey: KeyObject;
  readonly redirectUris: readonly string[];
  /** Keeps its keys, so that those who signed in stay the same after a restart. */
  readonly folder: string;
  readonly random: (size: number) => Buffer;
  readonly log: Log;
};

export type Simulator = { readonly issuer: string; close(): Promise<void> };

/** The class of authentication that the simulator states: none worth the name. */
export const SIMULATOR_ACR = 'urn:wasl:acr:simulator';
