import type { Language } from '../../kernel/index.ts';
import {
  actions,
  button,
  checkbox,
  checkboxes,
  confirmationPanel,
  dateInput,
  dateTime,
  errorSummary,
  fieldset,
  fileUpload,
  form,
  formatDateTime,
  type Html,
  html,
  inset,
  linkButton,
  qrFigure,
  radios,
  raw,
  reference,
  select,
  split,
  stepProgress,
  summaryList,
  taskList,
  textarea,
  textInput,
  warning,
} from '../index.ts';
import { type Sample, type Say, samplePage } from './frame.ts';

function address(language: Language, say: Say): Html {
  return fieldset({
    legend: say('العنوان', 'Adresse', 'Address'),
    body: html`${textInput({ language, name: 'street', label: say('الشارع والرقم', 'Rue et numéro', 'Street and number'), value: say('12، شارع علال بن عبد الله', '12, avenue Allal Ben Abdellah', '12, Avenue Allal Ben Abdellah'), autocomplete: 'street-address' })}${select(
      {
        language,
        name: 'commune',
        label: say('الجماعة', 'Commune', 'Commune'),
        value: 'r',
        choices: [
          { value: 'r', label: say('الرباط', 'Rabat', 'Rabat') },
          { value: 's', label: say('سلا', 'Salé', 'Salé') },
        ],
      },
    )}${textInput({ language, name: 'postcode', label: say('الرمز البريدي', 'Code postal', 'Postal code'), kind: 'number', width: 'digits-10', value: '10000', autocomplete: 'postal-code', optional: true })}`,
  });
}

function otherQuestions(language: Language, say: Say): Html {
  return html`${textInput({ language, name: 'name-fr', label: say('الاسم بالحروف اللاتينية', 'Nom en lettres latines', 'Name in Latin letters'), value: 'BENALI Amina', inputLanguage: 'fr', width: 'digits-20' })}${checkboxes(
    {
      language,
      name: 'uses',
      label: say('لماذا تحتاجها؟', 'Pour quel usage ?', 'What is it for?'),
      optional: true,
      values: ['bank'],
      choices: [
        { value: 'bank', label: say('حساب بنكي', 'Compte bancaire', 'Bank account') },
        { value: 'card', label: say('البطاقة الوطنية', 'Carte nationale', 'National card') },
      ],
    },
  )}${fileUpload({ language, name: 'bill', label: say('فاتورة ماء أو كهرباء', 'Facture d’eau ou d’électricité', 'Water or electricity bill'), types: 'PDF, JPEG, PNG', accept: '.pdf,image/jpeg,image/png', maxBytes: 5_000_000, sent: [{ name: 'facture-10-2026.pdf', bytes: 184_200, href: '#f' }] })}${textarea({ language, name: 'note', label: say('ملاحظة', 'Remarque', 'Remark'), optional: true, rows: 3 })}${radios(
    {
      language,
      name: 'alone',
      label: say('هل تسكن وحدك؟', 'Vivez-vous seul ?', 'Do you live alone?'),
      inRow: true,
      choices: [
        { value: 'y', label: say('نعم', 'Oui', 'Yes') },
        { value: 'n', label: say('لا', 'Non', 'No') },
      ],
    },
  )}`;
}

export const formWithErrors: Sample = {
  name: 'form',
  render: (language, say) => {
    const missing = say(
      'أدخل رقم هاتفك، مثل 0612345678.',
      'Saisissez votre numéro de téléphone, par exemple 0612345678.',
      'Enter your telephone number, such as 0612345678.',
    );
    const late = say(
      'يجب أن يكون تاريخ بداية السكن في الماضي.',
      'La date d’emménagement doit être dans le passé.',
      'The date you moved in must be in the past.',
    );
    return samplePage(language, say, {
      file: 'form',
      here: 'mine',
      hasErrors: true,
      title: say('محل سكناك', 'Votre domicile', 'Where you live'),
      back: { href: `${language}-procedure.html` },
      main: html`${errorSummary({
        language,
        errors: [
          { field: 'since', message: late },
          { field: 'phone', message: missing },
        ],
      })}${stepProgress({ language, step: 2, steps: 4, name: say('شهادة السكنى', 'Certificat de résidence', 'Certificate of residence') })}<h1>${say('محل سكناك', 'Votre domicile', 'Where you live')}</h1>${form(
        {
          action: `${language}-check.html`,
          csrf: 'sample',
          hasFiles: true,
          body: html`${address(language, say)}${dateInput({ language, name: 'since', label: say('منذ متى تسكن هناك؟', 'Depuis quand y habitez-vous ?', 'Since when have you lived there?'), hint: say('مثال: 27 3 2019', 'Par exemple 27 3 2019', 'For example 27 3 2019'), value: { day: '27', month: '3', year: '2031' }, error: late })}${radios(
            {
              language,
              name: 'holding',
              label: say('بأي صفة تسكن؟', 'À quel titre l’occupez-vous ?', 'How do you hold it?'),
              value: 'tenant',
              choices: [
                { value: 'owner', label: say('مالك', 'Propriétaire', 'Owner') },
                {
                  value: 'tenant',
                  label: say('مكتر', 'Locataire', 'Tenant'),
                  hint: say('يطلب عقد الكراء.', 'Le contrat de bail est demandé.', 'The lease is asked for.'),
                },
                { value: 'host', label: say('مستضاف عند الغير', 'Hébergé', 'Hosted by someone') },
              ],
            },
          )}${textInput({ language, name: 'phone', kind: 'tel', width: 'half', label: say('رقم الهاتف', 'Numéro de téléphone', 'Telephone number'), hint: say('نرسل إليه إشعارا عند صدور القرار.', 'Nous vous y prévenons de la décision.', 'We tell you there of the decision.'), error: missing })}${otherQuestions(language, say)}${button({ text: say('متابعة', 'Continuer', 'Continue') })}`,
        },
      )}`,
    });
  },
};

function documents(say: Say): Html {
  return taskList([
    {
      id: 't1',
      title: say('رسم الولادة', 'Acte de naissance', 'Birth record'),
      href: '#birth',
      hint: say('من الحالة المدنية، جماعة فاس', 'De l’état civil, commune de Fès', 'From civil status, commune of Fez'),
      status: { text: say('تم الحصول عليها', 'Obtenu', 'Obtained'), tone: 'green' },
    },
    {
      id: 't2',
      title: say('البطاقة الوطنية', 'Carte nationale', 'National card'),
      href: '#card',
      hint: say(
        'المصدر لا يجيب الآن، سنعيد المحاولة',
        'La source ne répond pas, nous réessayons',
        'The source does not answer, we will try again',
      ),
      status: { text: say('في الانتظار', 'Attendue', 'Awaited'), tone: 'amber' },
    },
    {
      id: 't3',
      title: say('فاتورة الكهرباء', 'Facture d’électricité', 'Electricity bill'),
      status: { text: say('مرفقة', 'Jointe', 'Attached') },
    },
  ]);
}

export const checkAnswers: Sample = {
  name: 'check',
  render: (language, say) => {
    const change = (about: string) => ({ href: `${language}-form.html`, about });
    const street = say('العنوان', 'Adresse', 'Address');
    const since = say('تاريخ بداية السكن', 'Date d’emménagement', 'Moved in on');
    return samplePage(language, say, {
      file: 'check',
      here: 'mine',
      title: say('تحقق من معلوماتك', 'Vérifiez vos réponses', 'Check your answers'),
      back: { href: `${language}-form.html` },
      main: html`${stepProgress({ language, step: 4, steps: 4, name: say('شهادة السكنى', 'Certificat de résidence', 'Certificate of residence') })}<h1>${say('تحقق من معلوماتك قبل الإيداع', 'Vérifiez vos réponses avant le dépôt', 'Check your answers before you file')}</h1><h2>${say('هويتك', 'Votre identité', 'You')}</h2>${summaryList(
        {
          language,
          rows: [
            {
              key: say('الاسم الكامل', 'Nom complet', 'Full name'),
              value: say('أمينة بنعلي', 'Amina Benali', 'Amina Benali'),
            },
            {
              key: say('رقم البطاقة الوطنية', 'N° de carte nationale', 'National card number'),
              value: reference('AB123456'),
            },
            {
              key: say('تاريخ الازدياد', 'Date de naissance', 'Date of birth'),
              value: dateTime(new Date('1991-04-12T12:00:00Z'), language),
            },
          ],
        },
      )}<h2>${say('محل سكناك', 'Votre domicile', 'Where you live')}</h2>${summaryList({
        language,
        rows: [
          {
            key: street,
            value: say(
              '12، شارع علال بن عبد الله، الرباط',
              '12, avenue Allal Ben Abdellah, Rabat',
              '12, Avenue Allal Ben Abdellah, Rabat',
            ),
            change: change(street),
          },
          { key: since, value: dateTime(new Date('2019-03-27T12:00:00Z'), language), change: change(since) },
        ],
      })}<h2>${say('الوثائق', 'Pièces', 'Documents')}</h2>${documents(say)}${warning({ language, text: say('كل تصريح كاذب يعرضك للعقوبات المنصوص عليها في القانون.', 'Toute fausse déclaration vous expose aux peines prévues par la loi.', 'A false statement is punishable by law.') })}${form(
        {
          action: `${language}-receipt.html`,
          body: html`${checkbox({ language, name: 'honour', label: say('أصرح بشرفي أن هذه المعلومات صحيحة.', 'Je déclare sur l’honneur que ces informations sont exactes.', 'I declare on my honour that this information is correct.') })}${actions(button({ text: say('إيداع الطلب', 'Déposer la demande', 'File the request') }), linkButton({ text: say('حفظ والعودة لاحقا', 'Enregistrer et revenir plus tard', 'Save and come back later'), href: '#save', look: 'secondary' }))}`,
        },
      )}`,
    });
  },
};

/** Stands for a real code: the gallery has no library of its own. */
const QR = raw(
  `<svg viewBox="0 0 29 29" shape-rendering="crispEdges"><path d="${Array.from({ length: 841 }, (_, i) => ((i * i * 7 + i * 13) % 11 < 5 ? `M${i % 29} ${Math.floor(i / 29)}h1v1h-1z` : '')).join('')}"/></svg>`,
);

export const receipt: Sample = {
  name: 'receipt',
  render: (language, say) =>
    samplePage(language, say, {
      file: 'receipt',
      here: 'mine',
      title: say('تم إيداع طلبك', 'Votre demande est déposée', 'Your request is filed'),
      main: html`${confirmationPanel({
        title: say('تم إيداع طلبك', 'Votre demande est déposée', 'Your request is filed'),
        label: say('رقم الوصل', 'Numéro du récépissé', 'Receipt number'),
        reference: 'WSL-2026-0004-7K3F',
        text: say('احتفظ بهذا الرقم.', 'Conservez ce numéro.', 'Keep this number.'),
      })}${split({
        main: html`${summaryList({
          language,
          rows: [
            {
              key: say('تاريخ الإيداع', 'Déposée le', 'Filed on'),
              value: formatDateTime(new Date('2026-11-23T14:04:00Z'), language),
            },
            {
              key: say('آخر أجل للجواب', 'Réponse au plus tard le', 'Answer due by'),
              value: html`<strong>${dateTime(new Date('2026-12-03T12:00:00Z'), language, 'full')}</strong>`,
            },
            {
              key: say('الجهة', 'Autorité', 'Authority'),
              value: say(
                'الملحقة الإدارية أكدال، الرباط',
                'Annexe administrative Agdal, Rabat',
                'Agdal administrative annex, Rabat',
              ),
            },
          ],
        })}${actions(linkButton({ text: say('تحميل الوصل (PDF)', 'Télécharger le récépissé (PDF)', 'Download the receipt (PDF)'), href: '#pdf', icon: 'download' }), linkButton({ text: say('تتبع الملف', 'Suivre le dossier', 'Follow the dossier'), href: '#dossier', look: 'secondary' }))}<h2>${say('ماذا بعد؟', 'Et ensuite ?', 'What happens next')}</h2><ol><li>${say('يدرس موظف مختص ملفك.', 'Un agent compétent examine votre dossier.', 'An agent examines your dossier.')}</li><li>${say('قد يطلب منك استكمال الوثائق مرة واحدة فقط.', 'Un complément peut vous être demandé, une seule fois.', 'You may be asked to complete it, once only.')}</li><li>${say('يبلغ إليك القرار هنا وعبر الهاتف.', 'La décision vous est notifiée ici et par téléphone.', 'You are told of the decision here and by telephone.')}</li></ol>${inset(html`<p>${say('يمكنك الطعن في القرار أو في عدم الجواب.', 'Un recours est ouvert contre la décision ou l’absence de réponse.', 'You may appeal against the decision or the lack of one.')}</p>`)}`,
        aside: qrFigure({
          svg: QR,
          alt: say(
            'رمز يؤدي إلى صفحة التحقق من هذا الوصل',
            'Code menant à la page de vérification de ce récépissé',
            'Code leading to this receipt’s verification page',
          ),
          caption: say(
            'امسح الرمز للتحقق من الوصل',
            'Scannez pour vérifier le récépissé',
            'Scan to verify the receipt',
          ),
        }),
      })}`,
    }),
};
