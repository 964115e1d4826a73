import MarkdownIt from 'markdown-it'
import { html, type Markup } from './markup.ts'

/** What people of an org write for the public: no HTML of their own, no pictures that would tell others who reads, links that lead nowhere by script. */
const renderer = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable('image')
renderer.renderer.rules['link_open'] = (tokens, index, options, _env, self) => {
  tokens[index]?.attrSet('rel', 'nofollow noopener')
  return self.renderToken(tokens, index, options)
}

/** Nobody writes so many; what a parser tries with each of them grows with its square, and a page has a thousand texts. */
const marksMax = 500

/** What has more marks than that is shown as it was written, line by line. */
export function markdown(text: string): Markup {
  if ((text.match(/[[\]*_`<!(]/g)?.length ?? 0) <= marksMax) return { html: renderer.render(text) }
  return html`<p>${text.split('\n').map((line) => html`${line}<br>`)}</p>`
}
