import type { Lang, NavigationLink } from '@kyoka/pages';
import { PUBLISHED } from './words/page.js';

export const POLICIES_PATH = '/policy';

/** What leads from every page to what everybody may read. */
export const policiesLink = (lang: Lang): NavigationLink => ({
  href: POLICIES_PATH,
  label: PUBLISHED.link[lang],
});
