import type { Lang } from '../ports.js';
import type { Duty } from './duty-mail-table.js';

interface Words {
  readonly subject: string;
  readonly text: (link: string, endsAt: Date) => string;
}

const moment = (lang: Lang, at: Date): string =>
  new Intl.DateTimeFormat(lang === 'ja' ? 'ja-JP' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'Asia/Tokyo',
  }).format(at);

/** The words of every duty mail. None of them advertises anything. */
export const MAIL_WORDS: Readonly<Record<Lang, Readonly<Record<Duty, Words>>>> = {
  ja: {
    request_reply: {
      subject: 'ご確認のお願い：利用の再開',
      text: (link, endsAt) =>
        `お客様の情報の利用を再び許可するお申し込みを受け付けました。
まだ何も変わっていません。

お心当たりがある場合は、次のページを開いてボタンを押してください。

${link}

このリンクは一度だけ、${moment('ja', endsAt)}（日本時間）まで有効です。
お心当たりがない場合は、何もする必要はありません。利用は停止されたままです。

このメールはお申し込みへの回答としてお送りしています。広告ではありません。
`,
    },
    stop_receipt: {
      subject: '停止の受付のお知らせ',
      text: (link) =>
        `お客様の情報の利用停止を受け付けました。停止はすでに有効です。

停止した内容と、外部の広告事業者などでの削除の状況は、次のページでご確認いただけます。

${link}

停止は、お客様ご自身が再び許可されるまで続きます。

このメールは停止の受付をお知らせするものです。広告ではありません。
`,
    },
  },
  en: {
    request_reply: {
      subject: 'Please confirm: allow the use of your data again',
      text: (link, endsAt) =>
        `Somebody, probably you, asked on your preference page to allow the use of your data again.
Nothing has changed yet.

If it was you, open this page and press the button:

${link}

The link works once, until ${moment('en', endsAt)} (Japan time).
If it wasn't you, you need to do nothing: what is stopped stays stopped.

This mail answers a request. It is not advertising.
`,
    },
    stop_receipt: {
      subject: 'Receipt: the use of your data is stopped',
      text: (link) =>
        `We have taken your stop. It is already in effect.

What was stopped, and how the removal at advertising companies and others stands, is shown here:

${link}

It stays stopped until you yourself allow it again.

This mail is the receipt of your stop. It is not advertising.
`,
    },
  },
};
