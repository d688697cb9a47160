import type { ComponentChildren, VNode } from 'preact';
import { LangContext, useWords } from '../speech.js';
import { ASSETS } from '../style/assets.js';
import { CHROME } from '../words/chrome.js';
import { type Lang, LANGS } from '../words/lang.js';

export interface NavigationLink {
  readonly href: string;
  readonly label: string;
  readonly current?: boolean;
}

export interface PageProps {
  readonly lang: Lang;
  readonly title: string;
  /** Path of this page in the other language, without a query. Left out where a path is a secret. */
  readonly path?: string;
  readonly navigation?: readonly NavigationLink[];
  /** At the end of the header: who is signed in, and how to leave. */
  readonly account?: ComponentChildren;
  /** Loads the script that keeps `Live` parts up to date. */
  readonly live?: boolean;
  /** For everybody, so that search engines may find it. */
  readonly open?: boolean;
  /** Links at the end of the page. */
  readonly footer?: readonly NavigationLink[];
  readonly children: ComponentChildren;
}

const NAMES: Readonly<Record<Lang, string>> = { ja: '日本語', en: 'English' };

/** A whole document: head, header with navigation and choice of language, and the one `main`. */
export function Page(props: PageProps): VNode {
  const { lang, title, live, open, footer = [], children, ...header } = props;
  return (
    <LangContext.Provider value={lang}>
      <html lang={lang}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          {open !== true && <meta name="robots" content="noindex" />}
          <title>{`${title} · ${CHROME.product[lang]}`}</title>
          <link rel="icon" href={ASSETS.icon.path} type="image/svg+xml" />
          <link rel="stylesheet" href={ASSETS.style.path} />
          {live === true && <script type="module" src={ASSETS.live.path} />}
        </head>
        <body>
          <Header lang={lang} {...header} />
          <main id="main" tabIndex={-1}>
            {children}
          </main>
          {footer.length > 0 && (
            <footer class="bottom">
              <ul>
                {footer.map(({ href, label }) => (
                  <li key={href}>
                    <a href={href}>{label}</a>
                  </li>
                ))}
              </ul>
            </footer>
          )}
        </body>
      </html>
    </LangContext.Provider>
  );
}

type HeaderProps = Pick<PageProps, 'lang' | 'path' | 'navigation' | 'account'>;

function Header({ lang, path, navigation = [], account }: HeaderProps): VNode {
  const say = useWords(CHROME);
  return (
    <header class="top">
      <a class="skip" href="#main">
        {say('skip')}
      </a>
      <div class="top-line">
        <p class="product">{say('product')}</p>
        {path !== undefined && <Languages lang={lang} path={path} />}
        {account !== undefined && <div class="account">{account}</div>}
      </div>
      {navigation.length > 0 && (
        <nav aria-label={say('navigation')}>
          <ul>
            {navigation.map(({ href, label, current }) => (
              <li key={href}>
                <a href={href} aria-current={current === true ? 'page' : undefined}>
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </header>
  );
}

function Languages({ lang: chosen, path }: { lang: Lang; path: string }): VNode {
  const say = useWords(CHROME);
  return (
    <nav class="languages" aria-label={say('language')}>
      <ul>
        {LANGS.map((lang) => (
          <li key={lang}>
            {lang === chosen ? (
              <span aria-current="true" lang={lang}>
                {NAMES[lang]}
              </span>
            ) : (
              <a href={`${path}?lang=${lang}`} lang={lang} hreflang={lang}>
                {NAMES[lang]}
              </a>
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}
