import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { isMarkdown, MarkdownText } from '../../renderer/views/reader/markdown.tsx';

it('M27: Markdown is rendered inert: no HTML, no links, no pictures', () => {
  const html = renderToStaticMarkup(
    <MarkdownText
      text={'# Title\n\n<script>alert(1)</script>\n\n[a link](javascript:alert(1)) ![a picture](https://example.org/x.png) **bold** <b onclick="x">y</b>'}
    />,
  );
  expect(html).toContain('<h1>Title</h1>');
  expect(html).toContain('<strong>bold</strong>');
  expect(html).not.toMatch(/<(a|img|script|b)[\s>]/);
  expect(html).not.toContain('href=');
  expect(html).toContain('[picture: a picture https://example.org/x.png]');
});

it('a text is taken for Markdown by its marks, and only if it is not too long', () => {
  expect(['# A title', '- one\n- two', 'some **bold** word', 'see [this](x)', '```\ncode\n```'].map(isMarkdown)).toEqual([true, true, true, true, true]);
  expect(['plain text', '{"a": 1}', `# ${'x'.repeat(300_000)}`].map(isMarkdown)).toEqual([false, false, false]);
});
