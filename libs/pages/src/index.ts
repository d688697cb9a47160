export { type Bar, BarChart } from './charts/bars.js';
export { LineChart, type Point } from './charts/line.js';
export { type FallStep, Waterfall } from './charts/waterfall.js';
export {
  Button,
  Choices,
  type ChoicesProps,
  ErrorSummary,
  Field,
  Form,
  type Option,
  Select,
} from './components/forms.js';
export { Live, LiveControls } from './components/live.js';
export { type NavigationLink, Page } from './components/page.js';
export {
  Badge,
  type Fact,
  Facts,
  Moment,
  Notice,
  Section,
  type Stat,
  Stats,
  type Tone,
} from './components/parts.js';
export { type Column, DataTable } from './components/table.js';
export { type Step, Timeline } from './components/timeline.js';
export { PAGE_HEADERS, PUBLIC_PAGE_CACHE } from './headers.js';
export { renderPage } from './render.js';
export { useFormats, useLang, useWords } from './speech.js';
export { type Asset, ASSET_CACHE, ASSETS_PATH, findAsset } from './style/assets.js';
export {
  CHANNEL_WORDS,
  CONTACT_CLASS_WORDS,
  CONTACT_KIND_WORDS,
  PARK_WORDS,
  STOP_WORDS,
} from './words/domain.js';
export { REASON_WORDS } from './words/reasons.js';
export { type Formats, formats } from './words/format.js';
export { chooseLang, type Lang, langCookie, LANGS, type LangSigns } from './words/lang.js';
export {
  faultsOfWords,
  type Say,
  speak,
  type Values,
  type Words,
  type WordTable,
} from './words/words.js';
