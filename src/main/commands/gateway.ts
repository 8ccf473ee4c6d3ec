type Command = (args: readonly string[]) => Promise<number>;

/** Each brings its own part of the house only: what only asks a gateway that runs must not load one. */
const WORDS: Readonly<Record<string, () => Promise<Command>>> = {
  join: async () => (await import('./gateway-serve.ts')).joinCommand,
  service: async () => (await import('./gateway-service.ts')).gatewayServiceCommand,
  system: async () => (await import('./gateway-system.ts')).gatewaySystemCommand,
  agree: async () => (await import('./gateway-agree.ts')).gatewayAgreeCommand,
  archive: async () => (await import('./gateway-archive.ts')).gatewayArchiveCommand,
  event: async () => (await import('./gateway-event.ts')).gatewayEventCommand,
  explain: async () => (await import('./gateway-explain.ts')).gatewayExplainCommand,
  renew: async () => (await import('./gateway-renew.ts')).gatewayRenewCommand,
  status: async () => (await import('./gateway-status.ts')).gatewayStatusCommand,
  operator: async () => {
    const { operatorCommand } = await import('./operator.ts');
    return (args) => operatorCommand('gateway', args);
  },
};

/** `./wasl gateway`: one member's gateway as a process of its own; with a word after it, the commands around one. */
export async function gatewayCommand(args: readonly string[]): Promise<number> {
  const [word = '', ...rest] = args;
  const command = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  if (command !== undefined) return (await command())(rest);
  return (await import('./gateway-serve.ts')).serveCommand(args);
}
