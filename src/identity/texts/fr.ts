import type { IdentityTexts } from './model.ts';

export const fr: IdentityTexts = {
  tryAgain: 'Se connecter à nouveau',
  signIn: 'Se connecter',
  home: 'Retour à la page d’accueil',
  whatToDo: 'Que pouvez-vous faire ?',
  signedOut: {
    title: 'Vous êtes déconnecté',
    text: 'Votre session sur cette plateforme est terminée.',
    shared: 'Sur un ordinateur partagé, fermez toutes les fenêtres du navigateur.',
  },
  sessionEnded: {
    title: 'Votre session a expiré',
    text: 'Pour protéger vos données, la session prend fin après un temps sans activité. Ce que vous avez saisi sur cette page n’a pas été enregistré.',
    next: 'Connectez-vous à nouveau pour revenir où vous étiez. Ce que vous avez enregistré aux pages précédentes est conservé.',
  },
  formExpired: {
    title: 'Ce formulaire n’a pas été accepté',
    text: 'Nous n’avons pas pu nous assurer que ce formulaire vient d’une page ouverte dans votre session actuelle. Rien n’a été enregistré.',
    next: 'Revenez à la page précédente, rechargez-la, puis envoyez à nouveau le formulaire.',
  },
  issuerDown: {
    title: 'La connexion est momentanément indisponible',
    text: 'Le service d’identité numérique ne répond pas. Le reste de la plateforme est accessible sans connexion.',
    next: 'Réessayez dans quelques minutes. Rien n’est perdu de vos dossiers.',
  },
  denied: {
    title: 'La connexion n’a pas abouti',
    text: 'Le service d’identité numérique nous a indiqué que la connexion a été annulée ou refusée.',
    next: 'Vous pouvez réessayer, ou consulter les démarches sans vous connecter.',
  },
  unknownAttempt: {
    title: 'Cette connexion ne peut pas être terminée',
    text: 'Cette tentative a expiré, a déjà servi, ou a commencé dans un autre navigateur ou sur un autre appareil.',
    next: 'Recommencez, et terminez la connexion dans ce même navigateur en moins de dix minutes.',
  },
  refused: {
    title: 'La connexion n’a pas été acceptée',
    text: 'Nous n’avons pas pu vérifier la réponse du service d’identité numérique : aucune session n’a été ouverte.',
    next: 'Réessayez. Si cela se répète, contactez l’assistance en indiquant l’heure de la tentative.',
  },
  placement: {
    title: 'Votre compte ne peut pas être ouvert pour le moment',
    text: 'Les données reçues du service d’identité numérique ne correspondent pas à celles de votre compte, et cela ne peut pas être réglé automatiquement.',
    next: 'Contactez l’assistance ou présentez-vous à l’administration la plus proche avec votre carte nationale d’identité électronique. Vos dossiers sont conservés.',
  },
  roleMissing: {
    title: 'Cette page n’est pas ouverte à votre compte',
    text: (role) =>
      `L’accès à cette page demande la qualité « ${role} », qui n’est pas attribuée à votre compte actuellement.`,
    next: 'Si cette qualité est la vôtre, demandez au responsable de votre administration de l’enregistrer, puis rouvrez la page. Il n’est pas nécessaire de vous déconnecter.',
    roles: { agent: 'agent instructeur', operator: 'opérateur de la plateforme' },
  },
  notIdentified: {
    title: 'Votre numéro d’identité nationale manque',
    text: 'Le service d’identité numérique ne nous a pas transmis le numéro de votre carte nationale, sans lequel cette démarche n’est pas possible.',
    next: 'Connectez-vous avec une identité numérique liée à votre carte nationale d’identité électronique, ou déposez votre demande auprès de l’administration concernée.',
  },
};
