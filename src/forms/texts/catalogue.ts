/** Every sentence of a form that the form's own definition does not give. Numbers and dates arrive formatted. */
export type FormTexts = {
  readonly required: (label: string) => string;
  readonly chooseRequired: (label: string) => string;
  readonly declaration: string;
  readonly choice: (label: string) => string;
  readonly date: (label: string) => string;
  readonly number: (label: string) => string;
  readonly email: (label: string) => string;
  readonly phone: (label: string) => string;
  readonly cnie: (label: string) => string;
  readonly ice: (label: string) => string;
  readonly rib: (label: string) => string;
  readonly tooLong: (label: string, limit: string) => string;
  readonly decimals: (label: string, limit: string) => string;
  readonly tooManyFiles: (label: string, limit: string) => string;
  readonly below: (label: string, limit: string) => string;
  readonly above: (label: string, limit: string) => string;
  readonly tooEarly: (label: string, date: string) => string;
  readonly tooLate: (label: string, date: string) => string;
  readonly pattern: (label: string, example: string) => string;
  readonly fileType: (label: string, families: string) => string;
  readonly fileSize: (label: string, megabytes: string) => string;
  readonly families: { readonly pdf: string; readonly image: string };
  readonly yes: string;
  readonly no: string;
  readonly notAnswered: string;
  readonly declared: string;
  readonly revealed: string;
  readonly hints: {
    readonly phone: string;
    readonly cnie: string;
    readonly ice: string;
    readonly rib: string;
    readonly date: string;
  };
};
