import { CommandRefusal, print } from '../terminal.ts';

const HELP: Readonly<Record<string, { readonly line: string; readonly more: readonly string[] }>> = {
  up: {
    line: 'start everything with demonstration data and print the addresses',
    more: [
      './wasl up [--port N] [--data DIR] [--host ADDRESS] [--database-url URL]',
      'Portal, identity simulator, registry, three gateways and two sample authorities in one process, over real',
      'sockets. --port N is the portal; the others take the ports after it. Data are in DIR (default .wasl).',
    ],
  },
  demo: {
    line: 'play the whole journey without a browser and check each step',
    more: ['./wasl demo [--data DIR] [--json FILE] [--database-url URL]', 'DIR must be absent or empty.'],
  },
  test: { line: 'run the tests', more: ['./wasl test [--long] [PART…]', 'PART: only files whose path contains it.'] },
  check: { line: 'types, lint, ranks, house rules, dead code', more: ['./wasl check'] },
  build: {
    line: 'make one program of the sources: less memory, quicker starts',
    more: ['./wasl build', 'For production. ./wasl runs what was built as long as no source is younger.'],
  },
  doctor: { line: 'say what is missing for which feature, and the remedy', more: ['./wasl doctor'] },
  registry: {
    line: 'run the registry alone, or make a join token',
    more: [
      './wasl registry [--port N] [--data DIR] [--database-url URL]',
      './wasl registry token --member INSTANCE/CLASS/CODE --subsystem CODE[,CODE] --name-ar … --name-fr …',
      '    [--server CODE] [--approval wait] [--data DIR]      a one-time token; with wait, an operator decides about the join',
      './wasl registry request list|approve|refuse [ID] [--reason TEXT] [--data DIR]',
      './wasl registry list|get|put|remove NOUN [ID] [--json TEXT | --file FILE] [--data DIR]',
      '    NOUN: members, gateways, tokens, groups, certificates, authorities, witnesses, tsas, federation, trust-list,',
      '    witness-policy (put --json \'{"required":2}\': how many witnesses verifiers are told to demand; remove: more than half)',
      './wasl registry revoke CERTIFICATE [--reason REASON] | rotate-key | publish [--data DIR]',
      './wasl registry operator add --name NAME --role ROLE[,ROLE] [--data DIR]',
    ],
  },
  gateway: {
    line: 'run one member’s gateway alone',
    more: [
      './wasl gateway join REGISTRY_URL TOKEN [--data DIR] [--port N] [--address https://NAME:PORT] [--database-url URL]',
      'Makes the keys, asks the registry for certificates, waits where it must, and serves. Ctrl+C is safe at any point.',
      './wasl gateway [--data DIR]                        serves again, as it joined: ports, addresses, files and times that were',
      '    given stay in DIR/gateway.json; given anew they are replaced, and "none" takes one away. Not kept: --database-url,',
      '    --log-level, and an address with a password in it',
      '    [--drain-seconds N]  when stopped, says “not ready” for N seconds before, so that a load balancer takes it out',
      '    [--timestamp-minutes N]  how often the log’s checkpoint is stamped by an authority of the trust list: 10; 0 for never',
      '    [--ledger-pkcs11 "pkcs11:token=…;object=…?module-path=/…&pin-source=file:/…"]  the ledger’s key in a token, at joining',
      '    [--nats-url nats://A:4222,nats://B:4222 --nats-replicas 3 --nats-credentials FILE]  events over NATS JetStream',
      '    [--otlp-endpoint http://COLLECTOR:4318 --trace-ratio 0.01]  traces over OTLP, of a share of what begins here',
      './wasl gateway status [--json]                     who it is, until when its certificates and trust list hold',
      './wasl gateway renew                               new keys and certificates, taken by the gateway that runs',
      '    [--take-keys-seconds N]  how long others have to learn of renewed keys before they are used: 90',
      '',
      './wasl gateway service add OPENAPI_FILE_OR_URL --to URL [--code CODE] [--subsystem CODE] [--timeout SECONDS]',
      './wasl gateway service list|enable|disable|remove [SERVICE] [--notice TEXT]',
      '  ./wasl gateway service add openapi.yaml --to http://127.0.0.1:9000',
      '',
      '    [--registry-mirror URL …]  copies of the registry’s /trust-list and /anchor/updates, asked when it is away',
      './wasl gateway [--tls | --tls-port N] [--tls-key FILE --tls-cert FILE]   the own door over TLS beside the plain one',
      './wasl gateway system list | certificate           how the member’s programs connect; the gateway’s own certificate',
      './wasl gateway system set SUBSYSTEM --connection http|https|mutual-tls',
      './wasl gateway system trust|forget SUBSYSTEM CERTIFICATE_FILE|FINGERPRINT [--used-by client|service]',
      '',
      './wasl gateway agree add --client INSTANCE/CLASS/MEMBER/SUBSYSTEM --service CODE --field /name …',
      '    --purpose CODE --purpose-ar … --purpose-fr … --basis REFERENCE --basis-ar … --basis-fr …',
      '    [--endpoint "GET /persons/*" …] [--all-fields] [--until 2027-12-31] [--id ID] [--version N]',
      '    [--condition CEL] [--rate PER_MINUTE] [--quota-day N] [--quota-month N] [--other-bodies whole|refuse]',
      '    [--archive request|response|both --archive-days N [--archive-by provider|client|both]]  bodies kept, encrypted',
      './wasl gateway agree add --file AGREEMENT.json',
      './wasl gateway agree sign ID, then at the other member: agree offers, agree accept ID or agree decline ID --reason …',
      '    [--provider SERVER]  where two members offer an agreement of the same ID',
      './wasl gateway agree list|show ID|suspend ID|resume ID|end ID [--at DAY] [--reason …]; the client: agree leave ID --reason …',
      'The client may ask first: agree ask --service INSTANCE/CLASS/MEMBER/SUBSYSTEM/CODE --client … --field … --note WHY, or answer',
      'an offer with agree change ID --field … --note WHY; the provider: agree proposals, agree draft PROPOSAL [--file AGREEMENT.json],',
      'agree dismiss PROPOSAL --reason …, where PROPOSAL is its own name or the agreement’s ID;',
      '    one’s own is taken back with agree withdraw PROPOSAL --reason WHY',
      './wasl gateway agree deliveries, agree send NUMBER: what the other member’s gateway has not taken',
      './wasl gateway explain GET /persons/1 --client … --service CODE [--purpose CODE] [--at INSTANT]',
      '',
      './wasl gateway archive list [EXCHANGE] | get EXCHANGE request|response --identity FILE --out FILE',
      './wasl gateway archive erase EXCHANGE --reason TEXT | erase --subject-file FILE|- --reason TEXT',
      './wasl gateway archive key --out FILE     before the first start: the key that reads the archive, for whoever may',
      '    [--archive-dir DIR] of ./wasl gateway: where large bodies go, shared by all processes of the member',
      './wasl gateway event add CODE --title-ar … --title-fr … [--subsystem CODE] [--about-person] [--schema FILE]',
      './wasl gateway event types|retire [CODE], subscribers, end CODE --client CLIENT, subscriptions',
      './wasl gateway event letters [--of LETTER]         events that nobody took, on either side',
      './wasl gateway event show LETTER | replay LETTER … [--all] | discard LETTER … [--all] --reason TEXT',
      '    --all: every letter of the same subscription',
      '',
      './wasl gateway operator add --name NAME --role ROLE[,ROLE] [--at GATEWAY]',
      'makes an account on the running gateway and prints the link that registers its passkey.',
      'Networks of your own where services may be: --allow-network 10.1.0.0/16, once for each. All take --data DIR;',
      'service, agree, event, explain and status take --json.',
    ],
  },
  sandbox: {
    line: 'two members and a page to send a message and look at each step of it; with your own service if you like',
    more: [
      './wasl sandbox [--service URL [--openapi FILE]] [--json FILE] [--port N] [--data DIR] [--database-url URL]',
      'Starts a registry and two gateways and prints what an X-Road client needs; --json writes the same as a file when all of it',
      'answers. --service puts your HTTP service behind the provider’s gateway in place of the sample. Without --data nothing',
      'is kept. --port N is the page; the others take the ports after it.',
    ],
  },
  'sample-service': {
    line: 'an invented land register over plain HTTP, for trying a gateway',
    more: ['./wasl sample-service [--port 9000]', 'Its description is examples/land-register/openapi.yaml.'],
  },
  portal: {
    line: 'run the procedures portal alone',
    more: ['./wasl portal --gateway-url URL [--port N] [--data DIR]'],
  },
  ledger: {
    line: 'verify or export a log',
    more: [
      './wasl ledger list|verify [LOG] [--data DIR]',
      './wasl ledger export LOG DIR [--data DIR]',
      './wasl ledger verify --files DIR',
      './wasl ledger timestamps LOG [--data DIR]             the tokens that timestamp authorities gave for it',
      './wasl ledger timestamps LOG DIR [--size N]           one of them and its checkpoint as files for `openssl ts -verify`',
    ],
  },
  evidence: {
    line: 'export or verify the proof of one exchange',
    more: [
      './wasl evidence export ID FILE [--data DIR]',
      './wasl evidence export --from 2026-01-01 --until 2026-02-01 [--service ID] --out FOLDER [--data DIR]',
      './wasl evidence verify FILE|FOLDER --anchor FILE… [--witnesses FILE…] [--timestamps] [--complete]',
      './wasl evidence page --out FILE.html [--anchor FILE…] [--language ar|fr|en]',
      'Of an exchange between members of two instances, give the anchor of each (`--anchor A.json --anchor B.json`), and so of witnesses.',
      '--timestamps refuses a file where a side’s ledger bears none of an authority of the registry; a wrong one is always refused.',
      'A period is one file an exchange; started again, it goes on where it stopped. DIR is a gateway’s that runs.',
    ],
  },
  backup: {
    line: 'keys, settings and rows of a gateway or registry in one encrypted file',
    more: [
      './wasl backup --part gateway|registry --out FILE --passphrase-file FILE|- [--data DIR] [--database-url URL]',
      'The age format (age-encryption.org/v1): `age -d FILE | gunzip` opens it, too. On PostgreSQL the part may run meanwhile;',
      'with the embedded database it must be stopped. `-` reads the passphrase from the standard input.',
    ],
  },
  restore: {
    line: 'put a back-up into an empty folder and an empty database',
    more: [
      './wasl restore FILE --passphrase-file FILE|- --data DIR [--database-url URL]',
      'Start nothing on an old back-up that others have seen a later ledger of: docs/decisions/0033-backup.md.',
    ],
  },
  help: { line: 'this page; ./wasl help COMMAND for one command', more: ['./wasl help [COMMAND]'] },
};

export async function helpCommand(args: readonly string[]): Promise<number> {
  const name = args.find((arg) => !arg.startsWith('-'));
  if (name === undefined) {
    print('Wasl (وصل): exchange, procedures and proof for a national agency\n');
    for (const [command, { line }] of Object.entries(HELP)) print(`  ./wasl ${command.padEnd(14)} ${line}`);
    return 0;
  }
  const entry = Object.hasOwn(HELP, name) ? HELP[name] : undefined;
  if (entry === undefined) throw new CommandRefusal(`there is no command "${name}"; see ./wasl help`, 2);
  for (const line of entry.more) print(line);
  return 0;
}
