import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';

/**
 * The document as it is sent. Text and attributes are escaped by the renderer; nothing here takes
 * ready-made HTML.
 */
export const renderPage = (page: JSX.Element): string => `<!doctype html>${renderToString(page)}`;
