import type { EvidenceTexts } from './model.ts';

export const ar: EvidenceTexts = {
  verified: (w) => `يثبت هذا الملف أن ${w.consumer.member} وجهت طلبا إلى ${w.provider.member} وتوصلت بجوابها.`,
  refused: 'هذا الملف لا يثبت شيئا.',
  personalData: 'يتضمن هذا الملف معطيات شخص أو قد يتضمنها: لا يسلم إلا للطرفين المعنيين ولهذا الشخص.',
  noPersonalData: 'لا يتضمن هذا الملف أي معطيات ذات طابع شخصي.',
  technical: 'السبب التقني:',
  steps: {
    form: {
      name: 'شكل الملف',
      proved: () => 'الملف كامل ومكتوب بالصيغة الوحيدة التي يقبلها مضمونه.',
      refused: 'الملف ليس دليلا من هذا النوع، أو أعيدت كتابته بعد إنشائه.',
    },
    anchor: {
      name: 'مرتكز الثقة',
      proved: (w) =>
        w.isAcross
          ? `يتعلق الملف بمنظومتين هما ${w.consumer.instance} و${w.provider.instance}، وقد أدليتم بمفتاح سجل كل منهما.`
          : `يتعلق الملف بالمنظومة ${w.instance} التي أدليتم بمفتاح سجلها.`,
      refused: 'مرتكز الثقة ليس مرجع هذا الملف، أو أنه غير سليم، أو ينقص مرتكز الثقة الخاص بمنظومة الطرف الآخر.',
    },
    statements: {
      name: 'تصريحات سجل الأعضاء',
      proved: (w) =>
        w.isAcross
          ? `يشهد سجل أعضاء المنظومة ${w.consumer.instance} للبوابة ${w.consumer.server}، ويشهد سجل أعضاء المنظومة ${w.provider.instance} للبوابة ${w.provider.server}.`
          : `يشهد سجل الأعضاء للبوابتين ${w.consumer.server} و${w.provider.server}.`,
      refused: 'لم يشهد سجل الأعضاء لإحدى البوابتين بهذا المضمون.',
    },
    certificates: {
      name: 'الشهادات الإلكترونية',
      proved: () => 'كانت للبوابتين شهادتان صادرتان عن السلطة التي عينها سجل الأعضاء، وكانتا صالحتين وقت التبادل.',
      refused: 'إحدى الشهادات لم تصدر عن السلطة المعينة، أو تخص جهة أخرى، أو لم تكن صالحة وقت التبادل.',
    },
    request: {
      name: 'الطلب',
      proved: (w) =>
        `بتاريخ ${w.requestedAt} طلب ${w.client} الخدمة ${w.service}${w.purpose === undefined ? '' : ` لغرض «${w.purpose}»`}، ووقعت ${w.consumer.member} الطلب.`,
      refused: 'الطلب غير موقع من بوابة العضو الذي قدم باسمه.',
    },
    response: {
      name: 'الجواب',
      proved: (w) =>
        `بتاريخ ${w.answeredAt} أجابت ${w.provider.member} عن هذا الطلب بعينه بالرمز ${w.status}${w.agreement === undefined ? '' : ` بموجب الاتفاقية «${w.agreement}»`}، ووقعت الجواب.`,
      refused: 'الجواب غير موقع من الجهة المزودة، أو أنه جواب عن طلب آخر.',
    },
    records: {
      name: 'قيود الطرفين',
      proved: () => 'القيود الأربعة في السجلين ملزمة بشأن هاتين الرسالتين ومطابقة لهما.',
      refused: 'أحد القيود يخص رسالة أخرى أو يصرح بخلاف مضمونها.',
    },
    ledgers: {
      name: 'السجلان',
      proved: (w) =>
        `القيدان ${w.consumer.requestIndex} و${w.consumer.responseIndex} في ${w.consumer.ledger}، والقيدان ${w.provider.requestIndex} و${w.provider.responseIndex} في ${w.provider.ledger}، مدرجة في السجلين الموقعين.`,
      refused: 'أحد القيود غير مدرج في السجل الذي وقعه صاحبه.',
    },
    witnesses: {
      name: 'الشهود',
      proved: (w) =>
        w.witnesses === undefined
          ? 'لم يطلب توقيع أي شاهد، فلم يحتسب أي توقيع من هذا القبيل.'
          : `عدد الشهود الذين وقعوا رأس ${w.consumer.ledger}: ${w.witnesses.consumer}، ورأس ${w.provider.ledger}: ${w.witnesses.provider}، والمطلوب لكل سجل: ${w.witnesses.required}.`,
      refused: 'لم يوقع العدد المطلوب من الشهود رأس أحد السجلين، أو أن توقيع أحدهم غير صحيح.',
    },
    seal: {
      name: 'الختم',
      proved: (w) => `استخرجت ${w.sealedBy} هذا الملف بتاريخ ${w.sealedAt}، ولم يتغير منه أي حرف منذئذ.`,
      refused: 'تم تغيير الملف بعد استخراجه.',
    },
  },
};
