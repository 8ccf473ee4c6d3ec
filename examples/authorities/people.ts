import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text in the two languages of the registers. */
export type Bilingual = { readonly ar: string; readonly fr: string };

type Parent = { readonly fullName: Bilingual; readonly nationality: string; readonly occupation: Bilingual };

/** An invented person, with what both authorities hold about them. See README.md for how they were made. */
export type Person = {
  readonly nationalId: string;
  readonly synthetic: true;
  readonly name: Bilingual;
  readonly givenName: Bilingual;
  readonly familyName: Bilingual;
  readonly sex: 'F' | 'M';
  readonly birthDate: string;
  readonly birthPlace: Bilingual;
  readonly birthProvinceCode: string;
  readonly nationality: string;
  readonly address: {
    readonly line: Bilingual;
    readonly commune: Bilingual;
    readonly province: Bilingual;
    readonly provinceCode: string;
    readonly regionCode: string;
    readonly postalCode: string;
  };
  readonly father: Parent;
  readonly mother: Parent;
  readonly maritalStatus: 'single' | 'married' | 'divorced' | 'widowed';
  readonly occupation: Bilingual;
  readonly phone: string;
  readonly card: { readonly serial: string; readonly issuedOn: string; readonly expiresOn: string };
  readonly biometrics: { readonly photo: string; readonly fingerprints: number };
  readonly lastUpdatedOn: string;
  readonly birthRecord: {
    readonly actNumber: string;
    readonly registerYear: number;
    readonly office: Bilingual;
    readonly registeredOn: string;
    readonly birthTime: string;
    readonly declarant: Bilingual;
    readonly marginalNotes: readonly string[];
  };
  readonly spouses: readonly {
    readonly nationalId: string;
    readonly fullName: Bilingual;
    readonly marriedOn: string;
  }[];
  readonly children: readonly {
    readonly fullName: Bilingual;
    readonly sex: 'F' | 'M';
    readonly birthDate: string;
    readonly actNumber: string;
  }[];
  /** Who this is, for the page on which a demonstration's visitor chooses. */
  readonly note: Bilingual & { readonly en: string };
  readonly demoRole?: { readonly role: 'agent' | 'operator' | 'founder'; readonly office?: string };
};

/** The invented people, in the order of the file; Amina, the demonstration's main person, is the first. */
export const PEOPLE: readonly Person[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'people.json'), 'utf8'),
) as Person[];

const byNationalId = new Map(PEOPLE.map((person) => [person.nationalId, person]));

export function findPerson(nationalId: string): Person | undefined {
  return byNationalId.get(nationalId.toUpperCase());
}
