import Markdown from 'react-markdown';

/** Longer texts are shown as they are: rendering them would take too long. In characters. */
const MAX_MARKDOWN = 200_000;

/** Whether a text looks as if it were written in Markdown. */
export function isMarkdown(text: string): boolean {
  return text.length <= MAX_MARKDOWN && /^(#{1,6} |[-*+] |\d+\. |> |```)|\*\*\S|`[^`\n]+`|\]\(/m.test(text);
}

/** A text rendered as Markdown, with a scroll bar of its own. */
export function MarkdownText({ text }: { readonly text: string }) {
  return (
    <div className="reader-text reader-markdown selectable" role="region" aria-label="Rendered text" tabIndex={0}>
      <InertMarkdown text={text} />
    </div>
  );
}

/** A text rendered as Markdown, inert: HTML in it is text, links and pictures show where they lead and open nothing. */
export function InertMarkdown({ text }: { readonly text: string }) {
  return (
    <Markdown
      components={{
        a: ({ children, href }) => (
          <span className="reader-link" title={href}>
            {children}
          </span>
        ),
        img: ({ alt, src }) => <span className="reader-link">{`[picture: ${alt ?? ''} ${typeof src === 'string' ? src : ''}]`}</span>,
      }}
    >
      {text}
    </Markdown>
  );
}
