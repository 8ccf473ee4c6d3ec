import type { EvidenceTexts } from './model.ts';

export const fr: EvidenceTexts = {
  verified: (w) =>
    `Ce fichier prouve que ${w.consumer.member} a interrogé ${w.provider.member} et en a reçu la réponse.`,
  refused: 'Ce fichier ne prouve rien.',
  personalData:
    'Ce fichier contient ou peut contenir les données d’une personne : ne le remettez qu’aux deux parties et à cette personne.',
  noPersonalData: 'Ce fichier ne contient aucune donnée à caractère personnel.',
  technical: 'Motif technique :',
  steps: {
    form: {
      name: 'Forme du fichier',
      proved: () => 'Le fichier est complet et écrit de la seule façon que son contenu admet.',
      refused: 'Le fichier n’est pas une preuve de ce format, ou il a été réécrit après sa création.',
    },
    anchor: {
      name: 'Ancre de confiance',
      proved: (w) =>
        w.isAcross
          ? `Le fichier relève de deux instances, ${w.consumer.instance} et ${w.provider.instance} ; vous avez fourni la clé du registre de chacune.`
          : `Le fichier relève de l’instance ${w.instance}, dont vous avez fourni la clé du registre.`,
      refused:
        'L’ancre de confiance n’est pas celle de ce fichier, n’est pas valable, ou celle de l’instance de l’autre partie manque.',
    },
    statements: {
      name: 'Déclarations du registre',
      proved: (w) =>
        w.isAcross
          ? `Le registre de ${w.consumer.instance} se porte garant de ${w.consumer.server}, celui de ${w.provider.instance} de ${w.provider.server}.`
          : `Le registre se porte garant de ${w.consumer.server} et de ${w.provider.server}.`,
      refused: 'Le registre ne s’est pas porté garant de l’une des passerelles en ces termes.',
    },
    certificates: {
      name: 'Certificats',
      proved: () =>
        'Les deux passerelles disposaient de certificats de l’autorité désignée par le registre, valides au moment des faits.',
      refused:
        'Un certificat n’émane pas de l’autorité, appartient à un autre ou n’était pas valide au moment des faits.',
    },
    request: {
      name: 'Requête',
      proved: (w) =>
        `Le ${w.requestedAt}, ${w.client} a demandé ${w.service}${w.purpose === undefined ? '' : ` aux fins de « ${w.purpose} »`} ; ${w.consumer.member} l’a signée.`,
      refused: 'La requête n’est pas signée par la passerelle du membre au nom duquel elle a été faite.',
    },
    response: {
      name: 'Réponse',
      proved: (w) =>
        `Le ${w.answeredAt}, ${w.provider.member} a répondu à cette même requête par le statut ${w.status}${w.agreement === undefined ? '' : ` en vertu de la convention « ${w.agreement} »`}, et l’a signée.`,
      refused: 'La réponse n’est pas signée par le fournisseur, ou elle répond à une autre requête.',
    },
    records: {
      name: 'Écritures des deux parties',
      proved: () => 'Les quatre écritures des journaux engagent sur ces deux messages et concordent avec eux.',
      refused: 'Une écriture d’un journal porte sur un autre message ou dit autre chose.',
    },
    ledgers: {
      name: 'Journaux',
      proved: (w) =>
        `Les écritures ${w.consumer.requestIndex} et ${w.consumer.responseIndex} de ${w.consumer.ledger}, ${w.provider.requestIndex} et ${w.provider.responseIndex} de ${w.provider.ledger}, figurent dans les journaux signés.`,
      refused: 'Une écriture ne figure pas dans le journal que son titulaire a signé.',
    },
    witnesses: {
      name: 'Témoins',
      proved: (w) =>
        w.witnesses === undefined
          ? 'Aucun témoin n’était exigé : aucune contre-signature n’a été comptée.'
          : `Témoins ayant contresigné ${w.consumer.ledger} : ${w.witnesses.consumer} ; ${w.provider.ledger} : ${w.witnesses.provider} ; exigés pour chacun : ${w.witnesses.required}.`,
      refused: 'Un journal n’est pas contresigné par le nombre de témoins exigé, ou une contre-signature est fausse.',
    },
    seal: {
      name: 'Sceau',
      proved: (w) => `${w.sealedBy} a exporté ce fichier le ${w.sealedAt} ; aucun caractère n’a changé depuis.`,
      refused: 'Le fichier a été modifié après son exportation.',
    },
  },
};
