import type { EvidenceTexts } from './model.ts';

export const en: EvidenceTexts = {
  verified: (w) => `This file proves that ${w.consumer.member} asked ${w.provider.member}, and was answered.`,
  refused: 'This file proves nothing.',
  personalData: 'This file holds or may hold the data of a person: give it only to the two parties and to that person.',
  noPersonalData: 'This file holds no data of a person.',
  technical: 'Technical reason:',
  steps: {
    form: {
      name: 'Form of the file',
      proved: () => 'The file is complete and written in the only spelling that its content has.',
      refused: 'The file is not evidence of this format, or it was written anew after it was made.',
    },
    anchor: {
      name: 'Trust anchor',
      proved: (w) =>
        w.isAcross
          ? `The file is of two instances, ${w.consumer.instance} and ${w.provider.instance}; you gave the registry key of each.`
          : `The file is of the instance ${w.instance}, whose registry key you gave.`,
      refused:
        'The trust anchor is not that of this file, is not sound, or that of the other party’s instance is missing.',
    },
    statements: {
      name: "The registry's statements",
      proved: (w) =>
        w.isAcross
          ? `The registry of ${w.consumer.instance} vouches for ${w.consumer.server}, that of ${w.provider.instance} for ${w.provider.server}.`
          : `The registry vouches for ${w.consumer.server} and for ${w.provider.server}.`,
      refused: 'The registry has not vouched for one of the gateways in these words.',
    },
    certificates: {
      name: 'Certificates',
      proved: () => 'Both gateways had certificates of the authority that the registry names, valid at the time.',
      refused: 'A certificate is not of the authority, is of somebody else, or was not valid at the time.',
    },
    request: {
      name: 'Request',
      proved: (w) =>
        `On ${w.requestedAt}, ${w.client} asked for ${w.service}${w.purpose === undefined ? '' : ` for the purpose “${w.purpose}”`}; ${w.consumer.member} signed it.`,
      refused: 'The request is not signed by the gateway of the member in whose name it was made.',
    },
    response: {
      name: 'Response',
      proved: (w) =>
        `On ${w.answeredAt}, ${w.provider.member} answered that very request with status ${w.status}${w.agreement === undefined ? '' : ` under the agreement “${w.agreement}”`}, and signed it.`,
      refused: 'The response is not signed by the provider, or it answers another request.',
    },
    records: {
      name: 'Records of both parties',
      proved: () => 'The four entries in the ledgers commit to these two messages and agree with them.',
      refused: 'An entry in a ledger is of another message, or says something else.',
    },
    ledgers: {
      name: 'Ledgers',
      proved: (w) =>
        `Entries ${w.consumer.requestIndex} and ${w.consumer.responseIndex} of ${w.consumer.ledger}, and ${w.provider.requestIndex} and ${w.provider.responseIndex} of ${w.provider.ledger}, are in the signed ledgers.`,
      refused: 'An entry is not in the ledger that its owner signed.',
    },
    witnesses: {
      name: 'Witnesses',
      proved: (w) =>
        w.witnesses === undefined
          ? 'No witness was required, so no cosignature was counted.'
          : `Witnesses that cosigned ${w.consumer.ledger}: ${w.witnesses.consumer}; ${w.provider.ledger}: ${w.witnesses.provider}; required of each: ${w.witnesses.required}.`,
      refused: 'A ledger is not cosigned by as many witnesses as are required, or a cosignature is wrong.',
    },
    seal: {
      name: 'Seal',
      proved: (w) => `${w.sealedBy} exported this file on ${w.sealedAt}; not one character has changed since.`,
      refused: 'The file was changed after it was exported.',
    },
  },
};
