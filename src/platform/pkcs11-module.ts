/** What is used of `pkcs11js`: the functions of PKCS#11 as they are, with handles as buffers. */
type Template = readonly { readonly type: number; readonly value?: number | string | Buffer | undefined }[];
type Cryptoki = {
  load(path: string): void;
  C_Initialize(options?: { readonly flags: number }): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Buffer[];
  C_GetTokenInfo(slot: Buffer): { readonly label: string; readonly serialNumber: string };
  C_OpenSession(slot: Buffer, flags: number): Buffer;
  C_CloseSession(session: Buffer): void;
  C_Login(session: Buffer, user: number, pin: string): void;
  C_FindObjectsInit(session: Buffer, template: Template): void;
  C_FindObjects(session: Buffer, most: number): Buffer[];
  C_FindObjectsFinal(session: Buffer): void;
  C_GetAttributeValue(session: Buffer, object: Buffer, template: Template): { readonly value: Buffer }[];
  C_SignInit(session: Buffer, mechanism: { readonly mechanism: number }, key: Buffer): void;
  C_SignAsync(session: Buffer, data: Buffer, out: Buffer): Promise<Buffer>;
};

export type Pkcs11Module = {
  tokens(): readonly { readonly slot: Buffer; readonly label: string; readonly serial: string }[];
  openSession(slot: Buffer, flags: number): Buffer;
  closeSession(session: Buffer): void;
  login(session: Buffer, user: number, pin: string): void;
  find(session: Buffer, template: Template): readonly Buffer[];
  attribute(session: Buffer, object: Buffer, type: number): Buffer;
  /** Off the event loop: a device over the network takes milliseconds. */
  sign(session: Buffer, key: Buffer, mechanism: number, data: Buffer, bytes: number): Promise<Buffer>;
  /** Ends every session of this process with the module. */
  restart(): void;
};

const CKF_OS_LOCKING_OK = 2;
const CKR_ALREADY_INITIALIZED = 0x191;
const CKR_ALREADY_LOGGED_IN = 0x100;
/** Session, token or device is not there (any more), or the login was lost with them. */
export const NOT_OUR_SESSION: ReadonlySet<number> = new Set([0x30, 0x31, 0x32, 0xb0, 0xb3, 0xe0, 0x101, 0x190]);

/** Throws with the module's path where the library or the module cannot be loaded. */
export async function loadPkcs11(path: string): Promise<Pkcs11Module> {
  const cryptoki = await loadLibrary();
  try {
    cryptoki.load(path);
  } catch (cause) {
    throw new Error(`the PKCS#11 module ${path} cannot be loaded: ${pkcs11Words(cause)}`, { cause });
  }
  const start = (): void => unless(CKR_ALREADY_INITIALIZED, () => cryptoki.C_Initialize({ flags: CKF_OS_LOCKING_OK }));
  try {
    start();
  } catch (cause) {
    throw new Error(`the PKCS#11 module ${path} does not start: ${pkcs11Words(cause)}`, { cause });
  }
  return {
    tokens: () =>
      cryptoki.C_GetSlotList(true).map((slot) => {
        const { label, serialNumber } = cryptoki.C_GetTokenInfo(slot);
        return { slot, label: label.trimEnd(), serial: serialNumber.trimEnd() };
      }),
    openSession: (slot, flags) => cryptoki.C_OpenSession(slot, flags),
    closeSession(session) {
      // It may be gone already, and with it all there was to close.
      attempt(() => cryptoki.C_CloseSession(session));
    },
    login: (session, user, pin) => unless(CKR_ALREADY_LOGGED_IN, () => cryptoki.C_Login(session, user, pin)),
    find(session, template) {
      cryptoki.C_FindObjectsInit(session, template);
      try {
        return cryptoki.C_FindObjects(session, 2);
      } finally {
        cryptoki.C_FindObjectsFinal(session);
      }
    },
    attribute: (session, object, type) =>
      cryptoki.C_GetAttributeValue(session, object, [{ type }])[0]?.value ?? Buffer.alloc(0),
    sign(session, key, mechanism, data, bytes) {
      cryptoki.C_SignInit(session, { mechanism }, key);
      return cryptoki.C_SignAsync(session, data, Buffer.alloc(bytes));
    },
    restart() {
      attempt(() => cryptoki.C_Finalize());
      start();
    },
  };
}

/** Compiled at installation, and only there where a compiler is: who has no token does without. */
async function loadLibrary(): Promise<Cryptoki> {
  const name: string = 'pkcs11js';
  try {
    const { default: library } = (await import(name)) as { readonly default: { readonly PKCS11: new () => Cryptoki } };
    return new library.PKCS11();
  } catch (cause) {
    throw new Error(
      'the package pkcs11js is not there or not compiled; install a C++ compiler and run: npm rebuild pkcs11js',
      { cause },
    );
  }
}

/** The CKR_ value that a function answered. */
export function pkcs11Code(cause: unknown): number | undefined {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'number' ? code : undefined;
}

/** One line, as `CKR_TOKEN_NOT_PRESENT`; never an argument of the call, one of which is a PIN. */
export function pkcs11Words(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : 'no reason was given';
  return /CKR_\w+/.exec(text)?.[0] ?? text.split('\n', 1)[0]?.slice(0, 200) ?? '';
}

function unless(code: number, work: () => void): void {
  try {
    work();
  } catch (cause) {
    if (pkcs11Code(cause) !== code) throw cause;
  }
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // whatever it was about is not there any more
  }
}
