/** What a command prints for the person who called it. Logs go elsewhere. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** One clear line, then exit code 1; nothing else is shown to somebody who only mistyped. */
export class CommandRefusal extends Error {
  override readonly name = 'CommandRefusal';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
