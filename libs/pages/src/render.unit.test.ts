import { h } from 'preact';
import { describe, expect, it } from 'vitest';
import { Button, Field, Form } from './components/forms.js';
import { Page } from './components/page.js';
import { PAGE_HEADERS } from './headers.js';
import { renderPage } from './render.js';
import { ASSETS, findAsset } from './style/assets.js';

const HOSTILE = `"><script>alert('1')</script>&amp;`;

describe('a page', () => {
  const html = renderPage(
    h(Page, {
      lang: 'en',
      title: HOSTILE,
      path: '/',
      navigation: [{ href: '/', label: HOSTILE }],
      children: h(Form, {
        action: '/x',
        csrf: HOSTILE,
        children: [
          h(Field, { name: 'ref', label: HOSTILE, value: HOSTILE }),
          h(Button, { children: HOSTILE }),
        ],
      }),
    }),
  );

  it('escapes whatever it is given, in texts and in attributes', () => {
    expect(html.startsWith('<!doctype html><html lang="en">')).toBe(true);
    expect(html).not.toMatch(/<script(?! type="module" src="\/assets\/)/);
    expect(html).toContain('&lt;script>');
    expect(html.match(/"><script/g)).toBeNull();
  });

  it('needs nothing that its content policy refuses', () => {
    expect(html).not.toMatch(/ style=| on[a-z]+=|<style/);
    expect(PAGE_HEADERS['content-security-policy']).not.toContain('unsafe');
  });

  it('loads assets that exist under names that follow from their content', () => {
    const paths = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
    expect(paths).toEqual([ASSETS.icon.path, ASSETS.style.path]);
    for (const path of paths) expect(findAsset(path ?? '')?.body.length).toBeGreaterThan(100);
    expect(findAsset('/assets/kyoka.css')).toBeUndefined();
  });
});
